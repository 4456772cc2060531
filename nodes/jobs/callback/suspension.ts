import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { errorJson, failedItem } from '../../host/errors';
import type { ItemOutcome } from '../../host/outcome';
import { isNested } from '../../shared/api/json';
import { MAX_MARGIN_S } from '../../shared/predictions/cancelAfter';
import type { OutputSettings } from '../input/outputSettings';
import type { Ledger } from '../ledger/ledger';
import { FORMAT, formatOf, isLedgerState, type LedgerState } from '../ledger/ledgerState';
import { withReplaced } from '../ledger/replaced';
import { isCollected, itemOf, withHistory, type Collected } from '../output/collectResult';
import { EXPIRY_MARGIN_MS, type AwaitingRun, type EarlyResults } from './earlyResults';

/** One item of a suspended run: what became of it, or how its prediction becomes an item. */
export type SuspendedItem = Collected | { output: OutputSettings };

/** A run of the node whose items wait for callbacks. */
interface SuspendableRun extends AwaitingRun {
	/** Their results, as far as they were fetched already. */
	readonly early: EarlyResults;
}

/** What a suspended run keeps for the callbacks; plain JSON in n8n's own data. */
export interface Suspension {
	/** Of this data; what 0.1 kept had none. */
	format?: number;
	items: SuspendedItem[];
	ledger: LedgerState;
	/** When n8n's timer continues the execution, in ms since 1970. */
	until?: number;
}

/**
 * The key of the suspension in what n8n keeps for the node. It is one text there, because a callback
 * reads it by an expression, and n8n hands objects to expressions property by property.
 */
export const SUSPENSION_KEY = 'suspended';
/** How long Replicate tries to call back, in ms: a minute (docs, webhooks), and what a try takes. */
const CALLS_MS = 75_000;
/** How much later than the predictions' own time limit n8n stops waiting, in ms. */
const CALLBACK_MARGIN_MS = MAX_MARGIN_S * 1_000 + CALLS_MS;
/** n8n looks for executions to resume once a minute. */
const MIN_WAIT_MS = 60_000;

/**
 * Ends a run whose items wait for callbacks: with its results where all have ended meanwhile, else by
 * suspending the execution.
 *
 * @returns the node's output
 */
export async function suspend(
	jobs: SuspendableRun,
	outcomes: ItemOutcome[],
): Promise<INodeExecutionData[]> {
	const { run, ledger, awaited, early, known } = jobs;
	const { context, node, memory } = run;
	const items = outcomes.map((outcome, index): SuspendedItem => {
		if ('error' in outcome) return { error: errorJson(outcome.error, index) };
		const { id = '' } = ledger.of(index) ?? {};
		const fetched = early.of(id);
		return fetched
			? withHistory(ledger, fetched, index, awaited.get(index)!.output)
			: { output: awaited.get(index)!.output };
	});
	for (const [index, item] of items.entries()) {
		const entry = ledger.of(index);
		if ('result' in item && entry) ledger.record(entry).became('collected');
	}
	if (items.every(isCollected)) return items.map((item, index) => itemOf(node, item, index));
	const until = waitTill(jobs);
	const inputs = context.getInputData();
	// n8n empties the array that it is given, and tries again a node whose first item has an error.
	const output = inputs.map((input, index) => ({
		...input,
		json: waitingJson(ledger, input, index),
	}));
	for (const [index, input] of inputs.entries()) markForTimer(jobs, input, items[index]!, index);
	const suspension: Suspension = { format: FORMAT, items, ledger: ledger.state, until };
	memory[SUSPENSION_KEY] = JSON.stringify(suspension);
	early.clear();
	// A callback of the run before, in a loop, that is still being handled continues nothing any more.
	known.isNewRun(ledger.state.owner);
	await context.putExecutionToWait(new Date(until));
	return output;
}

/** A suspension that this version cannot read: why, in words for the builder. */
export interface UnknownSuspension {
	unknown: string;
}

/** The suspension that n8n has kept for the node, if any. */
export function readSuspension(kept: unknown): Suspension | UnknownSuspension | undefined {
	if (typeof kept !== 'string') return undefined;
	const read = parseOrNothing(kept);
	if (isSuspension(read)) return read;
	return {
		unknown: `The execution was suspended by another version of this package${formatOf(read)}, so its result was not collected. Get it with Prediction → Get within an hour of its end; its ID is in predictionId.`,
	};
}

function parseOrNothing(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

function isSuspension(kept: unknown): kept is Suspension {
	if (!isNested(kept)) return false;
	const { format = FORMAT, items, ledger } = kept;
	return (
		format === FORMAT &&
		Array.isArray(items) &&
		items.every(isSuspendedItem) &&
		isLedgerState(ledger)
	);
}

function isSuspendedItem(kept: unknown): kept is SuspendedItem {
	return isCollected(kept) || (isNested(kept) && isNested(kept.output));
}

/** Makes of an input item what goes on when n8n's timer ends the wait: n8n does not ask the node again. */
function markForTimer(
	{ run: { node }, ledger }: SuspendableRun,
	input: INodeExecutionData,
	item: SuspendedItem,
	index: number,
): void {
	if ('output' in item) {
		input.json = waitingJson(ledger, input, index);
	} else if ('error' in item) {
		const { json } = failedItem(node, item.error, index);
		const isRouted = node.onError === 'continueErrorOutput';
		// n8n routes only what has no other key, and adds the input itself.
		input.json = isRouted ? json : { ...input.json, ...json, predictionError: item.error.error };
	} else {
		delete input.binary;
		Object.assign(input, itemOf(node, item, index));
	}
}

/** An input item's JSON with its prediction's id, and what the node will not do any more. */
function waitingJson(ledger: Ledger, { json }: INodeExecutionData, index: number): IDataObject {
	const { id, uploadIds = [] } = ledger.of(index) ?? {};
	if (id === undefined) return json;
	const named = withReplaced(ledger, index, { ...json, predictionId: id });
	if (uploadIds.length === 0) return named;
	const warning = `The uploads were not deleted, because the end of the prediction was not seen. To remove them, use File → Delete: ${uploadIds.join(', ')}. They expire after 24 hours.`;
	return { ...named, warnings: [warning] };
}

/** When n8n stops waiting, in ms: when all time limits are over, or the first result could expire. */
function waitTill({ awaited, early }: SuspendableRun): number {
	const limits = early.open.map(({ item }) => {
		const { timeoutSeconds, onTimeout } = awaited.get(item)!;
		return timeoutSeconds * 1_000 + (onTimeout === 'cancel' ? CALLBACK_MARGIN_MS : 0);
	});
	// A single one is fetched when it ends; the first of several waits for the last.
	const expiry = limits.length > 1 ? early.expiresIn - EXPIRY_MARGIN_MS : Infinity;
	return Date.now() + Math.min(Math.max(...limits), Math.max(expiry, MIN_WAIT_MS));
}
