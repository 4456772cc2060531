import type { IBinaryKeyData, INodeProperties } from 'n8n-workflow';
import type { JsonObject } from '../../shared/api/json';
import type { NodeRun } from './nodeRun';
import type { AwaitedPrediction } from './prediction/suspension';

/** What an operation makes of one item. The router adds where it came from. */
export interface ItemResult {
	json: JsonObject;
	binary?: IBinaryKeyData;
	/** The prediction whose end the whole node waits for, suspended. */
	awaits?: AwaitedPrediction;
}

/** One operation: its fields in the editor, and what it does with one item. */
export interface Operation {
	description: INodeProperties[];
	execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]>;
}

/** Items in work at the same time, unless the builder says otherwise. */
export const DEFAULT_CONCURRENCY = 5;
export const MAX_CONCURRENCY = 100;
