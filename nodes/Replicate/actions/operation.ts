import type { INodeProperties } from 'n8n-workflow';
import type { Item, ItemResult } from '../../host/item';
import type { Finish, RunEnd } from '../../host/outcome';
import type { RunJobs } from '../../jobs/runJobs';

/** One operation: its fields in the panel, and what it does with one item. */
export interface Operation {
	description: INodeProperties[];
	/** @throws ReplicateError that says what is wrong with this item */
	execute(item: Item, jobs: RunJobs): Promise<ItemResult[]>;
	/** Called once when all items have ended, also when one of them ends the node with its error. */
	finish?(jobs: RunJobs, end: RunEnd): Promise<Finish>;
}
