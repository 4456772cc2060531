import type { INodeProperties } from 'n8n-workflow';
import type { Item, ItemResult } from '../../host/item';
import type { Finish, RunEnd } from '../../host/outcome';
import type { RunJobs } from '../../jobs/runJobs';

/** How the panel names an operation. */
interface OperationWords {
	/** In the list of operations. */
	name: string;
	/** In the list of the node's actions. */
	action: string;
	description: string;
	/** For n8n's Assistant: when to choose it, where the words for people leave that open. */
	hint?: string;
	operation: Operation;
}

/** A resource: the choice of its operations, and the operations' own fields. */
export interface Resource {
	/** In the list of resources. */
	name: string;
	operations: Record<string, Operation>;
	description: INodeProperties[];
}

/**
 * A resource of the node.
 *
 * @param value      as workflows hold it
 * @param usual      the operation that is chosen at first
 * @param operations by their values in workflows, in the order of n8n's list of actions
 */
export function resource(
	value: string,
	name: string,
	usual: string,
	operations: Record<string, OperationWords>,
): Resource {
	const entries = Object.entries(operations);
	const choice: INodeProperties = {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [value] } },
		options: entries.map(([operationValue, words]) => ({
			name: words.name,
			value: operationValue,
			action: words.action,
			description: words.description,
			...(words.hint === undefined ? {} : { builderHint: { propertyHint: words.hint } }),
		})),
		default: usual,
	};
	return {
		name,
		operations: Object.fromEntries(entries.map(([key, { operation }]) => [key, operation])),
		description: [choice, ...entries.flatMap(([, { operation }]) => operation.description)],
	};
}

/** One operation: its fields in the panel, and what it does with one item. */
export interface Operation {
	description: INodeProperties[];
	/** @throws ReplicateError that says what is wrong with this item */
	execute(item: Item, jobs: RunJobs): Promise<ItemResult[]>;
	/** Called once when all items have ended, also when one of them ends the node with its error. */
	finish?(jobs: RunJobs, end: RunEnd): Promise<Finish>;
}
