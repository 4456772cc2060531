import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { errorJson } from '../host/errors';
import type { Item } from '../host/item';
import type { NodeRun } from '../host/nodeRun';
import type { Outcome } from '../host/outcome';
import { assertResumable, type WebhookTarget } from '../shared/webhooks/address';
import type { OutputSettings } from './outputSettings';
import type { Awaited, PaidRun } from './paidRun';

/** One item of a suspended run: how its prediction becomes an item, or why there is none. */
export type SuspendedItem = { output: OutputSettings } | { error: IDataObject };

/** What a suspended run keeps for the callbacks beside its ledger; plain JSON in n8n's own data. */
export interface Suspension {
	items: SuspendedItem[];
}

/** The key of the suspension in what n8n keeps for the node. */
const SUSPENSION_KEY = 'suspended';
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
export function callbackOf({ run, index, client }: Item): WebhookTarget {
	const { resumeUrl } = run;
	assertResumable(resumeUrl, client.baseUrl);
	const url = new URL(resumeUrl);
	url.searchParams.set('item', String(index));
	return { url: url.href, events: ['completed'] };
}

/**
 * Puts the execution to wait. Every input item carries its prediction's id from here on, because n8n
 * passes these very items on when its timer ends the wait, without asking the node again.
 */
export async function suspend(
	{ context, memory }: NodeRun,
	{ ledger, awaited }: PaidRun,
	outcomes: Outcome[],
): Promise<INodeExecutionData[]> {
	const items = context.getInputData();
	const suspended = outcomes.map((outcome, index): SuspendedItem =>
		'error' in outcome
			? { error: errorJson(outcome.error, index) }
			: { output: awaited.get(index)!.output },
	);
	for (const [index, item] of items.entries()) {
		const kept = suspended[index]!;
		const mark =
			'error' in kept
				? { predictionError: kept.error.error ?? '' }
				: { predictionId: ledger.of(index)!.id! };
		item.json = { ...item.json, ...mark };
	}
	const suspension: Suspension = { items: suspended };
	memory[SUSPENSION_KEY] = suspension as unknown as IDataObject;
	await context.putExecutionToWait(new Date(waitTill([...awaited.values()])));
	return items;
}

function waitTill(awaited: Awaited[]): number {
	const limits = awaited.map(
		({ timeoutSeconds, onTimeout }) =>
			timeoutSeconds * 1_000 + (onTimeout === 'cancel' ? CALLBACK_MARGIN_MS : 0),
	);
	return Date.now() + Math.max(...limits);
}

/** The suspension that n8n has kept for the node, if any. */
export function suspensionIn(memory: unknown): Suspension | undefined {
	return (memory as { [SUSPENSION_KEY]?: Suspension } | undefined)?.[SUSPENSION_KEY];
}
