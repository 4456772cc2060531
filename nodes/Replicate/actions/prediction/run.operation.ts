import type { INodeProperties } from 'n8n-workflow';
import { patienceMs } from '../../../shared/api/timeLimit';
import type { InputObject } from '../../../shared/api/json';
import type { Prediction } from '../../../shared/api/shapes';
import { findFileInputs, withFilesSent } from '../../../shared/files/inputs';
import type { Routing } from '../../../shared/files/route';
import { createPrediction } from '../../../shared/predictions/create';
import { kindOf } from '../../../shared/predictions/kind';
import type { RunnableModel } from '../../../shared/models/models';
import { assertSucceeded, isPending, mayStillRun } from '../../../shared/predictions/status';
import { waitForEnd } from '../../../shared/predictions/wait';
import type { WebhookTarget } from '../../../shared/webhooks/address';
import { assertComplete } from '../../../shared/schema/values';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { inputFields, readAssignments, readInput } from './input';
import {
	readRouting,
	readTimeout,
	readWebhook,
	runOptions,
	timeoutOption,
	trainingTimeoutOption,
} from './options';
import {
	outputFields,
	predictionItems,
	readOutputSettings,
	type OutputSettings,
} from './outputItems';
import { callbackOf } from './suspension';
import { waitForField } from './waitForField';
import { isPreviewed, startPreview } from './preview';
import { readTarget, targetFields } from './target';

const show = { resource: ['prediction'], operation: ['run'] };

export const description: INodeProperties[] = [
	...targetFields,
	...inputFields(show, 'getModelInputs'),
	waitForField(show),
	...outputFields(show, { ...show, waitFor: ['callback', 'result'] }),
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

/** Runs a model on one item. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const model = await readTarget(run.models, {
		parameter: (name) => run.text(name, itemIndex),
		located: (name) => run.located(name, itemIndex),
	});
	return await executeOn(run, itemIndex, model);
}

/**
 * The way of every prediction and training:
 * read input → route files → create → wait → collect outputs → items.
 */
export async function executeOn(
	run: NodeRun,
	itemIndex: number,
	model: RunnableModel,
): Promise<ItemResult[]> {
	const { client, signal, uploads } = run;
	const { input: given, warnings } = readInput(run, itemIndex, model.inputs);
	const assignments = readAssignments(run, itemIndex);
	const itemFiles = run.itemFiles(itemIndex);
	const files = await findFileInputs(given, assignments, model.inputs, itemFiles);
	const filled = files.map(({ input }) => input);
	assertComplete(model.inputs ?? [], given, filled, itemFiles.names);
	const settings = readSettings(run, itemIndex, model);

	const sent = await withFilesSent(given, files, settings, uploads, client.baseUrl, {
		patienceMs: patienceMs(settings.timeoutSeconds),
		signal,
	});
	const deletesUploads = run.flag('options.deleteUploads', itemIndex, false);
	const outcome = runPrediction(run, itemIndex, model, sent.input, settings);
	if (deletesUploads) {
		const isFinished = await outcome.then(
			(prediction) => !isPending(prediction),
			(error: unknown) => !mayStillRun(error),
		);
		uploads.used(sent.uploadIds, isFinished);
	}
	const prediction = await outcome;

	run.warn(itemIndex, warnings);
	const uploadIds = deletesUploads ? sent.uploadIds : [];
	const items = await itemsOf(run, prediction, settings, model, uploadIds);
	if (warnings.length === 0) return items;
	return items.map((item) => ({ ...item, json: { ...item.json, warnings } }));
}

interface Settings extends Routing {
	timeoutSeconds: number;
	waitFor: 'callback' | 'nothing' | 'result';
	onTimeout: 'cancel' | 'leave';
	webhook?: WebhookTarget;
	output: OutputSettings;
}

/** @throws InputError for settings that cannot be followed, before anything is sent */
function readSettings(run: NodeRun, itemIndex: number, { training }: RunnableModel): Settings {
	const waitFor = run.choice('waitFor', itemIndex, ['result', 'callback', 'nothing']);
	const timeoutSeconds = readTimeout(
		run,
		itemIndex,
		training ? trainingTimeoutOption : timeoutOption,
	);
	return {
		...readRouting(run, itemIndex),
		timeoutSeconds,
		waitFor,
		onTimeout: run.choice('options.onTimeout', itemIndex, ['cancel', 'leave']),
		webhook: waitFor === 'callback' ? callbackOf(run, itemIndex) : readWebhook(run, itemIndex),
		// A training's weights are large, and stay where they are.
		output: {
			...readOutputSettings(run, itemIndex),
			timeoutSeconds,
			...(training ? { downloadFiles: false } : {}),
		},
	};
}

/** Creates the prediction and, if wanted, waits for its end. */
async function runPrediction(
	run: NodeRun,
	itemIndex: number,
	{ version, deployment, training, schema }: RunnableModel,
	input: InputObject,
	{ timeoutSeconds, waitFor, onTimeout, webhook }: Settings,
): Promise<Prediction> {
	const { client, creates: own, signal } = run;
	const deadline = Date.now() + timeoutSeconds * 1_000;
	const kind = kindOf({ version, training });
	const previews = waitFor === 'result' && !training && isPreviewed(run, schema);
	// Only predictions can be told their own limit.
	const hasLimit = waitFor !== 'nothing' && onTimeout === 'cancel' && !training;
	const created = await createPrediction(
		client,
		{ run: { version, deployment, training }, input, webhook },
		{
			// The stream's address comes with the answer, so the answer must come at once.
			holdSeconds: waitFor === 'result' && !previews && !training ? timeoutSeconds : 0,
			cancelAfterSeconds: hasLimit ? timeoutSeconds : undefined,
			deadline,
			signal,
			own,
		},
	);
	if (waitFor !== 'result') return created;
	const preview = previews ? startPreview(run, itemIndex, created, schema) : undefined;
	const ended = waitForEnd(client, created, {
		kind,
		deadline,
		onTimeout,
		onStop: 'cancel',
		signal,
		onProgress: (prediction) => run.showProgress(prediction),
	});
	await preview?.end(await ended.catch(() => undefined));
	return await ended;
}

async function itemsOf(
	run: NodeRun,
	prediction: Prediction,
	{ waitFor, timeoutSeconds, onTimeout, output }: Settings,
	{ schema, ...target }: RunnableModel,
	uploadIds: string[],
): Promise<ItemResult[]> {
	const kind = kindOf(target);
	if (waitFor === 'result') {
		const succeeded = assertSucceeded(prediction, run.client.baseUrl, kind);
		return await predictionItems(run, succeeded, output, schema);
	}
	const { id, created_at: createdAt } = prediction;
	const unfinished = { ...output, downloadFiles: false, outputItems: 'perPrediction' } as const;
	const [item] = await predictionItems(run, prediction, unfinished);
	if (waitFor === 'nothing') return [item!];
	return [
		{ ...item!, awaits: { id, createdAt, timeoutSeconds, onTimeout, output, kind, uploadIds } },
	];
}
