import type { INodeProperties } from 'n8n-workflow';
import { InputError } from '../../../shared/api/errors';
import type { JsonObject, Prediction } from '../../../shared/api/types';
import { findFileInputs, withFilesSent, type FileAssignment } from '../../../shared/files/inputs';
import { simplified } from '../../../shared/outputs/simplify';
import { createPrediction } from '../../../shared/predictions/create';
import { assertSucceeded } from '../../../shared/predictions/status';
import { waitForEnd } from '../../../shared/predictions/wait';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { readRouting, readTimeout, runOptions } from './options';
import { outputFields, predictionItem } from './outputItems';

const show = { resource: ['prediction'], operation: ['run'] };

export const description: INodeProperties[] = [
	{
		displayName: 'Target',
		name: 'target',
		type: 'hidden',
		default: 'model',
		displayOptions: { show },
	},
	{
		displayName: 'Model',
		name: 'model',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'name', value: '' },
		description: 'The model to run: an official one, a community one, or one certain version',
		modes: [
			{
				displayName: 'By Name',
				name: 'name',
				type: 'string',
				placeholder: 'e.g. black-forest-labs/flux-schnell',
				hint: 'owner/name, owner/name:version, or a version ID',
			},
			{
				displayName: 'By URL',
				name: 'url',
				type: 'string',
				placeholder: 'e.g. https://replicate.com/black-forest-labs/flux-schnell',
				validation: [
					{
						type: 'regex',
						properties: {
							regex: 'https?://(www\\.)?replicate\\.com/[^/]+/[^/]+.*',
							errorMessage: 'This is not the address of a model on replicate.com',
						},
					},
				],
			},
		],
		displayOptions: { show },
	},
	{
		displayName: 'Input Mode',
		name: 'inputMode',
		type: 'hidden',
		default: 'json',
		displayOptions: { show },
	},
	{
		displayName: 'Input (JSON)',
		name: 'inputJson',
		type: 'json',
		default: '{}',
		placeholder: 'e.g. { "prompt": "a red fox in the snow" }',
		description:
			'The model’s inputs, as its API page shows them. A file input takes the name of a binary field, or a URL.',
		displayOptions: { show },
	},
	{
		displayName: 'File Inputs',
		name: 'fileInputs',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add File Input',
		default: {},
		description: 'Files of the incoming item that the model gets',
		options: [
			{
				displayName: 'File Input',
				name: 'values',
				values: [
					{
						displayName: 'Model Input',
						name: 'input',
						type: 'string',
						default: '',
						placeholder: 'e.g. image',
						description: 'The name of the model’s input',
					},
					{
						displayName: 'Binary Fields',
						name: 'binaryFields',
						type: 'string',
						default: 'data',
						placeholder: 'e.g. data',
						description: 'The binary field that holds the file; several with commas, for a list',
					},
				],
			},
		],
		displayOptions: { show },
	},
	{
		displayName: 'Wait For',
		name: 'waitFor',
		type: 'options',
		options: [
			{
				name: 'Nothing',
				value: 'nothing',
				description: 'Go on at once. Prediction → Get fetches the result later.',
			},
			{
				name: 'Result',
				value: 'result',
				description: 'Wait until the prediction has ended',
			},
		],
		default: 'result',
		displayOptions: { show },
	},
	...outputFields(show, { ...show, waitFor: ['result'] }),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: runOptions,
		displayOptions: { show },
	},
];

/** Runs a model on one item: read input → route files → create → wait → collect outputs → item. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const { client, signal } = run;
	const model = await run.models.runnable(run.located('model', itemIndex));
	const given = readInput(run, itemIndex);
	const assignments = run.parameter<FileAssignment[]>('fileInputs.values', itemIndex, []);
	const files = await findFileInputs(given, assignments, model.schema, run.itemFiles(itemIndex));
	const routing = readRouting(run, itemIndex);
	const timeoutSeconds = readTimeout(run, itemIndex);
	const waits = run.parameter('waitFor', itemIndex, 'result') === 'result';
	const onTimeout = run.parameter<'cancel' | 'leave'>('options.onTimeout', itemIndex, 'cancel');

	const input = await withFilesSent(given, files, routing, run.uploads, signal);
	const deadline = Date.now() + timeoutSeconds * 1_000;
	const created = await createPrediction(
		client,
		{ version: model.version, input },
		{
			holdSeconds: waits ? timeoutSeconds : 0,
			cancelAfterSeconds: waits && onTimeout === 'cancel' ? timeoutSeconds : undefined,
			deadline,
			signal,
			own: run.creates,
		},
	);
	if (!waits) return [unfinishedItem(run, itemIndex, created)];
	const limits = { deadline, onTimeout, onStop: 'cancel', signal } as const;
	const ended = await waitForEnd(client, created, limits);
	return [await predictionItem(run, itemIndex, assertSucceeded(ended), model.schema)];
}

/** @throws InputError when the input is not a JSON object */
function readInput(run: NodeRun, itemIndex: number): JsonObject {
	const value = run.parameter<unknown>('inputJson', itemIndex, '{}');
	const parsed = typeof value === 'string' ? parseJson(value) : value;
	if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
		return parsed as JsonObject;
	}
	throw new InputError(
		'Input (JSON) is not a JSON object',
		'Write it like { "prompt": "a red fox" }. Inside quotes, use {{ JSON.stringify($json.text) }} for text with line breaks or quotes.',
	);
}

/** The JSON value of a text; an empty one is no input, and a broken one is no value. */
function parseJson(text: string): unknown {
	if (text.trim() === '') return {};
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

function unfinishedItem(run: NodeRun, itemIndex: number, prediction: Prediction): ItemResult {
	const json = run.parameter('simplify', itemIndex, true)
		? simplified(prediction, { files: [], binary: {} })
		: { ...prediction };
	return { json: json as JsonObject };
}
