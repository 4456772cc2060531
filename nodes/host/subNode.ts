import type { IDataObject, INode, ISupplyDataFunctions } from 'n8n-workflow';
import type { ReplicateClient } from '../shared/api/client';
import { memoryOf } from './execution';
import { openClient } from './host';

/** n8n's side of a node that serves another one, as a chat model serves a chain. */
export interface SubNode {
	/** Replicate's API, for the node's credential. */
	client: ReplicateClient;
	node: INode;
	/** What n8n keeps for the node during one execution: plain JSON that outlives a retry. */
	memory: IDataObject;
	executionId: string;
	/** How often the node that is served ran before in this execution, as in a loop. */
	runIndex: number;
	/** The node that is served; unknown to some versions of n8n. */
	served?: INode;
	/**
	 * What n8n has for one try of the served node alone: the same object for all of its calls in one try,
	 * and another one in the next.
	 */
	ofTry?: object;
	/** Aborted when the user stops the workflow, or the execution's time is up. */
	signal?: AbortSignal;
	/** Tells the builder something that stops nothing, in the node's output panel; each text once. */
	hint(message: string): void;
}

/** What n8n's context of a node that serves another one has, beside its interface (n8n 2.16 to 2.41). */
interface SupplyDataParts {
	parentNode?: INode;
	/** What n8n calls when the served node has ended; before n8n 2.17, only when it has succeeded. */
	closeFunctions?: unknown[];
}

/** @throws InputError when the credential cannot be used */
export async function openSubNode(context: ISupplyDataFunctions): Promise<SubNode> {
	const { $runIndex } = context.getWorkflowDataProxy(0);
	const { parentNode, closeFunctions } = context as unknown as SupplyDataParts;
	const hinted = new Set<string>();
	return {
		client: await openClient(context),
		node: context.getNode(),
		memory: memoryOf(context),
		executionId: context.getExecutionId(),
		runIndex: typeof $runIndex === 'number' ? $runIndex : 0,
		served: parentNode,
		ofTry: closeFunctions,
		signal: context.getExecutionCancelSignal(),
		hint(message) {
			if (hinted.has(message)) return;
			hinted.add(message);
			context.addExecutionHints?.({ message, type: 'warning', location: 'outputPane' });
		},
	};
}
