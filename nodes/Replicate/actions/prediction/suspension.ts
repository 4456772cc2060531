import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { toJson } from '../../../shared/api/json';
import type { WebhookTarget } from '../../../shared/webhooks/address';
import { assertResumable } from '../../../shared/webhooks/address';
import { abandonPrediction } from '../../../shared/predictions/cancel';
import type { RunKind } from '../../../shared/predictions/kind';
import { errorJson } from '../errors';
import type { NodeRun } from '../nodeRun';
import type { OutputSettings } from './outputItems';

/** A prediction whose end the node waits for while it is suspended. */
export interface AwaitedPrediction {
	id: string;
	/** By Replicate's clock. */
	createdAt?: string | null;
	timeoutSeconds: number;
	onTimeout: 'cancel' | 'leave';
	output: OutputSettings;
	kind: RunKind;
	/** Uploads to remove when it has ended. */
	uploadIds: string[];
}

/** What a suspended run keeps of one prediction. */
export type SuspendedPrediction = Pick<AwaitedPrediction, 'id' | 'output' | 'uploadIds'>;

/** One item of a suspended run: its prediction, or why there is none. */
export type SuspendedItem = SuspendedPrediction | { error: IDataObject };

/** What a suspended run keeps for the callbacks; plain JSON in n8n's own execution data. */
export interface SuspendedRun {
	/** When its first and its last prediction were created, by Replicate's clock, in ISO 8601. */
	since: string;
	until: string;
	items: SuspendedItem[];
	kind: RunKind;
}

/** The key of the run in the node's context. */
const CONTEXT_KEY = 'suspended';
/**
 * How much later than the predictions' own time limit n8n stops waiting, in ms: Replicate cancels 15 s
 * after the limit, and tries for a minute to call back (docs, webhooks).
 */
const CALLBACK_MARGIN_MS = 90_000;

/**
 * Where Replicate calls back when an item's prediction has ended.
 *
 * @throws InputError when Replicate could not reach this n8n
 */
export function callbackOf(run: NodeRun, itemIndex: number): WebhookTarget {
	const { resumeUrl } = run;
	assertResumable(resumeUrl, run.client.baseUrl);
	const url = new URL(resumeUrl);
	url.searchParams.set('item', String(itemIndex));
	return { url: url.href, events: ['completed'] };
}

/** What became of one item before the suspension. */
export type BeforeSuspension = { awaits: AwaitedPrediction } | { error: unknown };

/**
 * Puts the execution to wait. Every input item carries its prediction's id from here on, because n8n
 * passes these very items on when its timer ends the wait, without asking the node again.
 */
export async function suspend(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	outcomes: BeforeSuspension[],
): Promise<INodeExecutionData[]> {
	const awaited = outcomes.flatMap((outcome) => ('awaits' in outcome ? [outcome.awaits] : []));
	const run = suspendedRun(outcomes, awaited);
	for (const [index, item] of items.entries()) {
		const kept = run.items[index]!;
		const mark =
			'id' in kept ? { predictionId: kept.id } : { predictionError: kept.error.error ?? '' };
		item.json = { ...item.json, ...mark };
	}
	const nodeContext = context.getContext('node');
	nodeContext[CONTEXT_KEY] = toJson(run);
	await context.putExecutionToWait(new Date(waitTill(awaited)));
	return items;
}

function suspendedRun(outcomes: BeforeSuspension[], awaited: AwaitedPrediction[]): SuspendedRun {
	const created = awaited.map(({ createdAt }) => createdAt ?? new Date().toISOString()).sort();
	return {
		since: created[0]!,
		until: created.at(-1)!,
		kind: awaited[0]!.kind,
		items: outcomes.map((outcome, index) => {
			if ('error' in outcome) return { error: errorJson(outcome.error, index) };
			const { id, output, uploadIds } = outcome.awaits;
			return { id, output, uploadIds };
		}),
	};
}

function waitTill(awaited: AwaitedPrediction[]): number {
	const limits = awaited.map(
		({ timeoutSeconds, onTimeout }) =>
			timeoutSeconds * 1_000 + (onTimeout === 'cancel' ? CALLBACK_MARGIN_MS : 0),
	);
	return Date.now() + Math.max(...limits);
}

/** The run that a node's context keeps, or `undefined` when it keeps none. */
export function suspendedRunIn(nodeContext: unknown): SuspendedRun | undefined {
	return (nodeContext as { [CONTEXT_KEY]?: SuspendedRun } | undefined)?.[CONTEXT_KEY];
}

/** Cancels predictions that nobody will wait for any more, and says which they were. */
export async function abandonAwaited(run: NodeRun, awaited: AwaitedPrediction[]): Promise<string> {
	await Promise.all(
		awaited.map(async ({ id, kind }) => await abandonPrediction(run.client, id, kind)),
	);
	if (awaited.length === 0) return '';
	return `Predictions of other items were cancelled: ${awaited.map(({ id }) => id).join(', ')}.`;
}
