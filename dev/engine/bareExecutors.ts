import { randomUUID } from 'node:crypto';
import * as n8nWorkflow from 'n8n-workflow';
import type {
	INode,
	INodeExecutionData,
	INodeType,
	IRunExecutionData,
	IWorkflowExecuteAdditionalData,
	Workflow,
} from 'n8n-workflow';

/**
 * What runs a node in n8n besides its engine, and has no execution behind it: n8n's own Agents, and
 * the opt-in engine `engine-v2`.
 */
export type BareExecutor = 'agents' | 'engine-v2';

/** What n8n's Agents hand to the model as the result of a tool. */
export interface BareResult {
	status: 'success' | 'error';
	data: INodeExecutionData[];
	error?: string;
}

interface BareHost {
	core: typeof import('n8n-core');
	workflowOf(nodes: INode[]): Workflow;
	/** What n8n gives a node outside of executions: credentials and addresses, no hooks. */
	additionalData: IWorkflowExecuteAdditionalData;
	nodeType(name: string): INodeType;
}

/** Whether this n8n has what its Agents run tools with. */
export function hasBareExecutors(): boolean {
	return 'createEmptyRunExecutionData' in n8nWorkflow;
}

/**
 * Runs one node as n8n's Agents do (`EphemeralNodeExecutor` of n8n 2.41.1: run data without
 * `executionData`, no id of an execution, the mode `internal`), or as `engine-v2` does
 * (`V1StepExecutor` of `@n8n/node-engine-compatibility` 0.9.1: fresh run data for each step, an id,
 * nothing that reads what the node sets).
 */
export async function executeBare(
	executor: BareExecutor,
	node: INode,
	items: INodeExecutionData[],
	{ core, workflowOf, additionalData, nodeType }: BareHost,
): Promise<BareResult> {
	const isAgents = executor === 'agents';
	const input = { main: [items] };
	const context = new core.ExecuteContext(
		workflowOf([node]),
		node,
		isAgents ? additionalData : { ...additionalData, executionId: randomUUID() },
		isAgents ? 'internal' : 'trigger',
		isAgents ? emptyRunData() : stepRunData(),
		0,
		items,
		input,
		{ node, data: input, source: null },
		[],
	);
	try {
		const output = (await nodeType(node.type).execute!.call(context)) as INodeExecutionData[][];
		if (!Array.isArray(output) || !output[0]) {
			return { status: 'error', data: [], error: 'No output data' };
		}
		return { status: 'success', data: output[0] };
	} catch (error) {
		return { status: 'error', data: [], error: (error as Error).message };
	}
}

function emptyRunData(): IRunExecutionData {
	return n8nWorkflow.createEmptyRunExecutionData();
}

function stepRunData(): IRunExecutionData {
	return n8nWorkflow.createRunExecutionData({
		startData: {},
		resultData: { runData: {} },
		executionData: {
			contextData: {},
			nodeExecutionStack: [],
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: null,
		},
	});
}
