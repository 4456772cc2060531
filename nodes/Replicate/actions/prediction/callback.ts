import pMap from 'p-map';
import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { openTransport } from '../../../../transports/edition';
import { PREDICTION_SHAPE } from '../../../shared/api/answers';
import { ReplicateClient, type ReplicateCredential } from '../../../shared/api/client';
import { readPages } from '../../../shared/api/pages';
import type { Prediction } from '../../../shared/api/types';
import type { BinaryStore } from '../../../shared/files/binaryFile';
import { deleteUploads } from '../../../shared/files/uploads';
import { Models } from '../../../shared/models/models';
import type { RunKind } from '../../../shared/predictions/kind';
import { assertSucceeded, isPending } from '../../../shared/predictions/status';
import { receiveWebhook } from '../../../shared/webhooks/receive';
import type { WebhookRequest } from '../../../shared/webhooks/signature';
import { egressRefusal } from '../../../shared/outputs/egress';
import { errorJson, failedItem } from '../errors';
import { DEFAULT_CONCURRENCY, type ItemResult } from '../operation';
import { predictionItems, type OutputRun } from './outputItems';
import { suspendedRunIn, type SuspendedPrediction, type SuspendedRun } from './suspension';

/** How far around their creation the run's predictions are looked for in the list, in ms. */
const LIST_SLACK_MS = 1_000;

/** How long the run's predictions may take to be read, in ms: Replicate waits, and calls again. */
const READ_MS = 20_000;

type Collected = INodeExecutionData[] | 'waiting';

/** What this process reads for an execution: now, and next for the calls that came meanwhile. */
interface Readings {
	now: Promise<unknown>;
	next?: Promise<Collected>;
}

const readings = new Map<string, Readings>();

/**
 * Takes one call of Replicate for a suspended execution. A call is a wake-up only: what became of the
 * run's predictions is read from the API. The execution goes on when the last one has ended.
 *
 * It must not throw: n8n would go on with an empty item.
 */
export async function receiveCallback(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const waits: IWebhookResponseData = {};
	const executionId = this.getExecutionId?.() ?? '';
	const outcome = await resume(this, executionId).catch((error: Error) => error);
	if (outcome === 'forged') return refuse(this, 401, 'The signature does not fit');
	// Replicate calls again after an error answer, up to a minute later.
	if (outcome instanceof Error) return refuse(this, 503, outcome.message);
	return outcome === 'waiting' ? waits : { workflowData: [outcome] };
}

function refuse(context: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

async function resume(
	context: IWebhookFunctions,
	executionId: string,
): Promise<Collected | 'forged'> {
	const credential = await context.getCredentials<ReplicateCredential>('replicateApi');
	const client = new ReplicateClient(credential, openTransport(context.helpers));
	const request = context.getRequestObject() as unknown as WebhookRequest;
	if (!(await receiveWebhook(client, request))) return 'forged';
	const name = quoted(context.getNode().name);
	const run = suspendedRunIn(context.evaluateExpression(`{{ $node[${name}].context }}`));
	if (!run) return 'waiting';
	return await inTurn(executionId, async () => await collect(context, client, run));
}

/**
 * Reads for one execution once at a time, so that nothing is fetched twice. A call may tell of an end
 * that the reading under way came too early for, so it is never passed over: one more reading
 * follows, for all calls that came meanwhile.
 */
async function inTurn(
	executionId: string,
	collectNow: () => Promise<Collected>,
): Promise<Collected> {
	const current = readings.get(executionId);
	if (current?.next) return await current.next.then(() => 'waiting' as const);
	if (current) {
		current.next = current.now.then(
			// The execution goes on already.
			async (outcome) => (outcome === 'waiting' ? await first(executionId, collectNow) : 'waiting'),
			async () => await first(executionId, collectNow),
		);
		return await current.next;
	}
	return await first(executionId, collectNow);
}

async function first(
	executionId: string,
	collectNow: () => Promise<Collected>,
): Promise<Collected> {
	const reading: Readings = { now: collectNow() };
	readings.set(executionId, reading);
	return await (reading.now as Promise<Collected>).finally(() => {
		if (readings.get(executionId) === reading) readings.delete(executionId);
	});
}

/** A text inside an expression of n8n's, which would end at a brace of the text. */
function quoted(text: string): string {
	return JSON.stringify(text).replace(/[{}]/g, (brace) => (brace === '{' ? '\\u007b' : '\\u007d'));
}

/** The items of all predictions, or `waiting` while one of them still runs. */
async function collect(
	context: IWebhookFunctions,
	client: ReplicateClient,
	run: SuspendedRun,
): Promise<Collected> {
	const predictions = await readAll(client, run);
	if ([...predictions.values()].some(isPending)) return 'waiting';
	const { helpers } = context;
	const outputRun: OutputRun = {
		client,
		keep: async (bytes, fileName, mimeType) =>
			await helpers.prepareBinaryData(bytes, fileName, mimeType),
		store: helpers as unknown as BinaryStore,
		refusal: egressRefusal(helpers),
		signal: new AbortController().signal,
	};
	const models = new Models(client);
	const node = context.getNode();
	const results = await pMap(
		run.items,
		async (item, index): Promise<INodeExecutionData[]> => {
			const outcome =
				'error' in item
					? item
					: await itemsOf(outputRun, models, item, predictions, run.kind).then(
							(results) => ({ results }),
							(error: unknown) => ({ error: errorJson(error, index) }),
						);
			if ('error' in outcome) return [failedItem(node, outcome.error, index)];
			return outcome.results.map(
				(one) => ({ ...one, pairedItem: { item: index } }) as INodeExecutionData,
			);
		},
		{ concurrency: DEFAULT_CONCURRENCY },
	);
	// A file may serve several items, so all go together, after the last prediction's end.
	const uploadIds = run.items.flatMap((item) => ('id' in item ? item.uploadIds : []));
	await deleteUploads(client, [...new Set(uploadIds)]);
	return results.flat();
}

async function itemsOf(
	run: OutputRun,
	models: Models,
	item: SuspendedPrediction,
	predictions: Map<string, Prediction>,
	kind: RunKind,
): Promise<ItemResult[]> {
	const prediction = assertSucceeded(predictions.get(item.id)!, run.client.baseUrl, kind);
	return await predictionItems(
		run,
		prediction,
		item.output,
		await schemaOf(models, prediction, kind),
	);
}

/** A training's result has no schema: the model's output schema is that of its predictions. */
async function schemaOf(models: Models, prediction: Prediction, { noun }: RunKind) {
	return noun === 'prediction' ? await models.schemaOf(prediction) : undefined;
}

/**
 * Reads all predictions of a run with few calls: a single one by its id, several out of the list, and
 * singly what that does not hold.
 */
async function readAll(
	client: ReplicateClient,
	{ since, until, items, kind }: SuspendedRun,
): Promise<Map<string, Prediction>> {
	const readUntil = Date.now() + READ_MS;
	const wanted = new Set(items.flatMap((item) => ('id' in item ? [item.id] : [])));
	const query = {
		created_after: new Date(Date.parse(since) - LIST_SLACK_MS).toISOString(),
		created_before: new Date(Date.parse(until) + LIST_SLACK_MS).toISOString(),
	};
	const isWanted = ({ id }: Prediction) => wanted.has(id);
	const listed =
		wanted.size > 1
			? await readPages(
					client,
					kind.path,
					PREDICTION_SHAPE,
					wanted.size,
					{ query, until: readUntil },
					isWanted,
				)
			: [];
	const found = new Map(listed.map((prediction) => [prediction.id, prediction]));
	const isWhole = (id: string) => found.has(id) && !lacksOutput(found.get(id)!);
	await pMap(
		[...wanted].filter((id) => !isWhole(id)),
		async (id) => {
			const path = `${kind.path}/${encodeURIComponent(id)}`;
			found.set(id, await client.get(path, { shape: PREDICTION_SHAPE, until: readUntil }));
		},
		{ concurrency: DEFAULT_CONCURRENCY },
	);
	return found;
}

/** A list may leave outputs out. */
function lacksOutput(prediction: Prediction): boolean {
	return prediction.status === 'succeeded' && prediction.output === undefined;
}
