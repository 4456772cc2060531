import type { INode, IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { ItemResult } from './item';

/** What became of one item. */
export type ItemOutcome = { results: ItemResult[] } | { error: unknown };

/** How the items of a run ended. */
export interface RunEnd {
	/** In the order of the items. */
	outcomes: ItemOutcome[];
	/** The item whose error ends the whole node. */
	failed?: number;
}

/** What an error that ends the node says of the other items. */
export interface ErrorNote {
	/** Further sentences for the error's description. */
	text: string;
	/** The same as plain JSON, for the error's context. */
	context: IDataObject;
}

/** What an operation adds when all its items have ended. */
export interface Finish {
	/** The node's output in place of the items' results. */
	output?: INodeExecutionData[];
	/** Whether the workflow was stopped after the items' end, so that nothing goes on. */
	isStopped?: boolean;
	/** What the error that ends the node says beside its own words. */
	note?: ErrorNote;
}

/** How often n8n tries a node with Retry On Fail: 2 to 5 times, 3 where nothing is set. */
const TRIES = { min: 2, max: 5, default: 3 };

/** How often n8n runs a node in all while it fails. */
export function triesOf({
	retryOnFail,
	maxTries,
}: Pick<INode, 'retryOnFail' | 'maxTries'>): number {
	if (!retryOnFail) return 1;
	// n8n takes 0 for "not set".
	return Math.min(Math.max(maxTries || TRIES.default, TRIES.min), TRIES.max);
}
