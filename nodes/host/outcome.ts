import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
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
