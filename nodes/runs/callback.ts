import pMap from 'p-map';
import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { errorJson, failedItem } from '../host/errors';
import { openHost, type Host } from '../host/host';
import { PREDICTION_SHAPE } from '../shared/api/shapes';
import type { ReplicateClient } from '../shared/api/client';
import { now } from '../shared/api/clock';
import { readPages } from '../shared/api/pages';
import type { Prediction } from '../shared/api/shapes';
import { deleteUploads } from '../shared/files/uploads';
import { Models } from '../shared/models/models';
import { kindNamed, type RunKind } from '../shared/models/runKind';
import { assertSucceeded, isPending } from '../shared/predictions/status';
import { receiveWebhook } from '../shared/webhooks/receive';
import type { WebhookRequest } from '../shared/webhooks/signature';
import { Ledger, type Entry } from './ledger';
import type { OutputSettings } from './outputSettings';
import { predictionItems } from './outputItems';
import { claimAll, keptLedger } from './paidRun';
import { suspensionIn, type Suspension } from './suspension';

/** How far around their creation the run's predictions are looked for in the list, in ms. */
const LIST_SLACK_MS = 1_000;

/** Predictions that are read, and collected, at the same time. */
const PARALLEL = 5;

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
	// Replicate calls again, up to a minute later. The reason is not for strangers.
	if (outcome instanceof Error) return refuse(this, 503, 'Try again later');
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
	const host = await openHost(context);
	const request = context.getRequestObject() as unknown as WebhookRequest;
	if (!(await receiveWebhook(host.client, request))) return 'forged';
	const name = quoted(context.getNode().name);
	const memory: unknown = context.evaluateExpression(`{{ $node[${name}].context }}`);
	const suspension = suspensionIn(memory);
	const state = keptLedger(memory);
	if (!suspension || !state) return 'waiting';
	const ledger = new Ledger(state, executionId);
	claimAll(ledger, host.client.identity);
	return await inTurn(executionId, async () => await collect(context, host, ledger, suspension));
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
	host: Host,
	ledger: Ledger,
	{ items }: Suspension,
): Promise<Collected> {
	const predictions = await readAll(host.client, ledger, items.length);
	if ([...predictions.values()].some(isPending)) return 'waiting';
	const models = new Models(host.client);
	const node = context.getNode();
	const results = await pMap(
		items,
		async (item, index): Promise<INodeExecutionData[]> => {
			if ('error' in item) return [failedItem(node, item.error, index)];
			const entry = ledger.of(index)!;
			const kind = kindNamed(entry.kind);
			return await itemsOf(host, models, predictions.get(entry.id!)!, item.output, kind).then(
				(made) => made.map((one) => ({ ...one, pairedItem: { item: index } })),
				(error: unknown) => [failedItem(node, errorJson(error, index), index)],
			);
		},
		{ concurrency: PARALLEL },
	);
	// A file may serve several items, so all go together, after the last prediction's end.
	const uploadIds = ledger.entries.flatMap((entry) => entry.uploadIds ?? []);
	await deleteUploads(host.client, [...new Set(uploadIds)]);
	return results.flat();
}

async function itemsOf(
	host: Host,
	models: Models,
	prediction: Prediction,
	output: OutputSettings,
	kind: RunKind,
) {
	const succeeded = assertSucceeded(prediction, host.client.baseUrl, kind);
	// A training's result has no schema: the model's output schema is that of its predictions.
	const schema = kind.noun === 'prediction' ? await models.schemaOf(succeeded) : undefined;
	return await predictionItems(host, succeeded, output, schema);
}

/**
 * Reads all predictions of a run with few calls: a single one by its id, several out of the list, and
 * singly what that does not hold.
 */
async function readAll(
	client: ReplicateClient,
	ledger: Ledger,
	count: number,
): Promise<Map<string, Prediction>> {
	const readUntil = now() + READ_MS;
	const entries = Array.from({ length: count }, (_, index) => ledger.of(index)).filter(
		(entry) => entry?.id !== undefined,
	) as Array<Entry & { id: string }>;
	const wanted = new Set(entries.map(({ id }) => id));
	const kind = kindNamed(entries[0]!.kind);
	const created = entries.map(({ createdAt }) => createdAt ?? new Date().toISOString()).sort();
	const [since, until] = [created[0]!, created.at(-1)!];
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
		{ concurrency: PARALLEL },
	);
	return found;
}

/** A list may leave outputs out. */
function lacksOutput(prediction: Prediction): boolean {
	return prediction.status === 'succeeded' && prediction.output === undefined;
}
