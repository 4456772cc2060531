import type { INodeExecutionData } from 'n8n-workflow';
import type { ItemResult } from './item';

/** What became of one item. */
export type Outcome = { results: ItemResult[] } | { error: unknown };

/** How the items of a run ended. */
export interface RunEnd {
	/** In the order of the items. */
	outcomes: Outcome[];
	/** The item whose error ends the whole node. */
	failed?: number;
}

/** What an operation adds when all its items have ended. */
export interface Finish {
	/** The node's output in place of the items' results. */
	output?: INodeExecutionData[];
	/** A further sentence for the error that ends the node. */
	note?: string;
}
