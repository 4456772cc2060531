import pMap from 'p-map';
import type { INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import type { Host } from '../../host/host';
import { deleteUploads } from '../../shared/files/uploads';
import { Models } from '../../shared/models/models';
import { predictionsApi } from '../../shared/predictions/api';
import { OUTPUT_KEPT_MS, isPending } from '../../shared/predictions/status';
import type { Prediction } from '../../shared/api/shapes';
import type { Ledger } from '../ledger/ledger';
import { isCreated, isOver, type CreatedEntry, type Entry } from '../ledger/ledgerState';
import { collectResult, itemOf, withHistory } from '../output/collectResult';
import { PARALLEL_READS, type AwaitedJobs } from './awaitedJobs';
import type { SuspendedItem, Suspension } from './suspension';

/** How long after the first end an execution continues, whatever still runs: its result would expire. */
const MAX_WAIT_MS = (OUTPUT_KEPT_MS * 3) / 4;

/** A suspended run of the node, as a callback finds it. */
export interface Resumption {
	context: IWebhookFunctions;
	host: Host;
	items: SuspendedItem[];
	ledger: Ledger;
	/** The predictions that are awaited, in the order of their creation. */
	entries: CreatedEntry[];
	/** When n8n's timer continues the execution, in ms since 1970, where that is known. */
	until?: number;
}

export function openResumption(
	context: IWebhookFunctions,
	host: Host,
	ledger: Ledger,
	{ items, until }: Suspension,
): Resumption {
	const entries = items
		.flatMap((item, index) => ('output' in item ? (ledger.of(index) ?? []) : []))
		.filter(isCreated)
		.sort((one, other) => one.from - other.from);
	return { context, host, items, ledger, entries, until };
}

/**
 * The items of the run, when the execution is to go on: all with their results when all have ended;
 * when one would expire, the finished with their results and the others as after n8n's timer.
 *
 * @throws ApiError, or an error when Replicate contradicts itself; the callback must come again
 */
export async function resumeItems(
	resumption: Resumption,
	known: AwaitedJobs,
): Promise<INodeExecutionData[] | 'waiting'> {
	const { host, entries } = resumption;
	const api = predictionsApi(host.client);
	const isRunning = await known.isAnyRunning(api, entries);
	const isTooLate = host.client.serverNow() - known.firstEnd(entries) >= MAX_WAIT_MS;
	if (isRunning && !isTooLate) return 'waiting';
	const noted = entries.filter(({ id }) => known.hasEnded(id));
	const read = await known.readAll(api, entries);
	const contradicted = noted.filter(({ id }) => isPending(read.get(id)!));
	for (const { id } of contradicted) known.forgetEnd(id);
	if (contradicted.length > 0) {
		throw new Error('A prediction has ended, but it is read as running');
	}
	const ended = [...read].filter(([, prediction]) => !isPending(prediction));
	return await collectAll(resumption, new Map(ended));
}

/** Fetches the results of what has ended, and deletes the uploads that nothing reads any more. */
async function collectAll(
	{ context, host, items, ledger }: Resumption,
	predictions: ReadonlyMap<string, Prediction>,
): Promise<INodeExecutionData[]> {
	const node = context.getNode();
	const models = new Models(host.client);
	let inputs: INodeExecutionData[] | undefined;
	const results = await pMap(
		items,
		async (item, index): Promise<INodeExecutionData> => {
			if (!('output' in item)) return itemOf(node, item, index);
			const entry = ledger.of(index);
			const prediction = isCreated(entry) ? predictions.get(entry.id) : undefined;
			if (!entry || !prediction) {
				inputs ??= inputsOf(context);
				return { ...inputs[index]!, pairedItem: { item: index } };
			}
			const collected = await collectResult({ host, models }, entry, prediction, item.output);
			ledger.record(entry).is(prediction);
			return itemOf(node, withHistory(ledger, collected, index, item.output), index);
		},
		{ concurrency: PARALLEL_READS },
	);
	// A file may serve several items, so all go together, after the last prediction's end.
	const hasEnded = (entry: Entry) => isOver(entry) || predictions.has(entry.id ?? '');
	await deleteUploads(host.client, ledger.unusedUploads(hasEnded));
	return results;
}

/** What n8n's timer would pass on. */
export function inputsOf(context: IWebhookFunctions): INodeExecutionData[] {
	const inputs = context.evaluateExpression('{{ $input.all() }}') as INodeExecutionData[];
	return inputs.map(({ json, binary }) => ({ json, ...(binary ? { binary } : {}) }));
}
