import type { INodeProperties } from 'n8n-workflow';
import type { InputObject, JsonObject, Prediction } from '../../../shared/api/types';
import { findFileInputs, withFilesSent, type FileAssignment } from '../../../shared/files/inputs';
import type { Routing } from '../../../shared/files/route';
import { simplified } from '../../../shared/outputs/simplify';
import { createPrediction } from '../../../shared/predictions/create';
import type { RunTarget } from '../../../shared/predictions/find';
import { assertSucceeded, isPending, mayStillRun } from '../../../shared/predictions/status';
import { waitForEnd } from '../../../shared/predictions/wait';
import { assertComplete } from '../../../shared/schema/values';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { inputFields, readInput } from './input';
import { readRouting, readTimeout, runOptions } from './options';
import { outputFields, predictionItem } from './outputItems';
import { readTarget, targetFields } from './target';

const show = { resource: ['prediction'], operation: ['run'] };

export const description: INodeProperties[] = [
	...targetFields,
	...inputFields,
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
	const { client, signal, uploads } = run;
	const model = await readTarget(run.models, {
		parameter: (name) => run.parameter<unknown>(name, itemIndex, ''),
		located: (name) => run.located(name, itemIndex),
	});
	const { input: given, warnings } = readInput(run, itemIndex, model.inputs);
	const assignments = run.parameter<FileAssignment[]>('fileInputs.values', itemIndex, []);
	const itemFiles = run.itemFiles(itemIndex);
	const files = await findFileInputs(given, assignments, model.inputs, itemFiles);
	const filled = files.map(({ input }) => input);
	assertComplete(model.inputs ?? [], given, filled, itemFiles.names);
	const settings = readSettings(run, itemIndex);

	const sent = await withFilesSent(given, files, settings, uploads, client.baseUrl, signal);
	const deletesUploads = run.parameter('options.deleteUploads', itemIndex, false);
	const outcome = runPrediction(run, model, sent.input, settings);
	if (deletesUploads) {
		const isFinished = await outcome.then(
			(prediction) => !isPending(prediction),
			(error: unknown) => !mayStillRun(error),
		);
		uploads.used(sent.uploadIds, isFinished);
	}
	const prediction = await outcome;

	run.warn(itemIndex, warnings);
	if (settings.waits) assertSucceeded(prediction, client.baseUrl);
	const item = settings.waits
		? await predictionItem(run, itemIndex, prediction, model.schema)
		: unfinishedItem(run, itemIndex, prediction);
	return [warnings.length > 0 ? { ...item, json: { ...item.json, warnings } } : item];
}

interface Settings extends Routing {
	timeoutSeconds: number;
	/** Whether the node waits for the prediction's end. */
	waits: boolean;
	onTimeout: 'cancel' | 'leave';
}

function readSettings(run: NodeRun, itemIndex: number): Settings {
	return {
		...readRouting(run, itemIndex),
		timeoutSeconds: readTimeout(run, itemIndex),
		waits: run.parameter('waitFor', itemIndex, 'result') === 'result',
		onTimeout: run.parameter<'cancel' | 'leave'>('options.onTimeout', itemIndex, 'cancel'),
	};
}

/** Creates the prediction and, if wanted, waits for its end. */
async function runPrediction(
	{ client, creates: own, signal }: NodeRun,
	target: RunTarget,
	input: InputObject,
	{ timeoutSeconds, waits, onTimeout }: Settings,
): Promise<Prediction> {
	const deadline = Date.now() + timeoutSeconds * 1_000;
	const { version, deployment } = target;
	const created = await createPrediction(
		client,
		{ run: { version, deployment }, input },
		{
			holdSeconds: waits ? timeoutSeconds : 0,
			cancelAfterSeconds: waits && onTimeout === 'cancel' ? timeoutSeconds : undefined,
			deadline,
			signal,
			own,
		},
	);
	if (!waits) return created;
	return await waitForEnd(client, created, { deadline, onTimeout, onStop: 'cancel', signal });
}

function unfinishedItem(run: NodeRun, itemIndex: number, prediction: Prediction): ItemResult {
	const json = run.parameter('simplify', itemIndex, true)
		? simplified(prediction, { files: [], binary: {} })
		: { ...prediction };
	return { json: json as JsonObject };
}
