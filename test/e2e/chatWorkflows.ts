import type { INode, INodeParameters, IRunExecutionData, NodeConnectionType } from 'n8n-workflow';
import { nodeType } from '../../dev/packageName';
import type { SavedWorkflow, WorkflowFile } from '../../dev/n8n/session';
import type { SandboxPrediction } from '../../dev/sandbox/predictions';
import { inARow, type N8nWorld } from './n8nWorld';

/** A node of a test's workflow, before it has a place and a credential. */
export type NewNode = Pick<INode, 'name' | 'type' | 'typeVersion' | 'parameters'> & Partial<INode>;

/** The sub-nodes of a node, by n8n's name of the connection. */
export type SubNodes = Partial<Record<NodeConnectionType, NewNode[]>>;

export const MANUAL: NewNode = {
	name: 'When clicking ‘Execute workflow’',
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
	parameters: {},
};

/** One of n8n's own nodes for AI. */
export function aiNode(
	name: string,
	type: string,
	typeVersion: number,
	parameters: INodeParameters = {},
): NewNode {
	return { name, type: `@n8n/n8n-nodes-langchain.${type}`, typeVersion, parameters };
}

export function chatModel(model: string, options: INodeParameters = {}, name = 'Model'): NewNode {
	return {
		name,
		type: nodeType('replicateChatModel'),
		typeVersion: 1,
		parameters: { model: { __rl: true, mode: 'name', value: model }, options },
	};
}

/** n8n's Basic LLM Chain. */
export function llmChain(text: string, parameters: INodeParameters = {}): NewNode {
	return aiNode('Chain', 'chainLlm', 1.9, { promptType: 'define', text, ...parameters });
}

/** n8n's AI Agent. */
export function agent(text: string, options: INodeParameters = {}): NewNode {
	return aiNode('Agent', 'agent', 3, { promptType: 'define', text, options });
}

/** Items with one text each, in the field `text`. */
export function items(texts: string[]): NewNode[] {
	const assignment = { id: 'text', name: 'text', type: 'array', value: JSON.stringify(texts) };
	return [
		{
			name: 'Texts',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: { assignments: { assignments: [assignment] }, options: {} },
		},
		{
			name: 'Items',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			parameters: { fieldToSplitOut: 'text', options: {} },
		},
	];
}

/** Reads a file into the field `data`. */
export function readFile(path: string): NewNode {
	return {
		name: 'Read',
		type: 'n8n-nodes-base.readWriteFile',
		typeVersion: 1,
		parameters: { operation: 'read', fileSelector: path, options: {} },
	};
}

/** Nodes in a row, the last of which has sub-nodes. */
export function served(world: N8nWorld, nodes: NewNode[], subNodes: SubNodes): WorkflowFile {
	const workflow = inARow(world, nodes.at(-1)!.name, nodes);
	const root = workflow.nodes.at(-1)!;
	const [x] = root.position;
	for (const [type, served] of Object.entries(subNodes) as Array<[NodeConnectionType, NewNode[]]>) {
		const below = inARow(world, '', served).nodes;
		for (const [index, node] of below.entries()) {
			workflow.nodes.push({
				...node,
				id: `${type}-${index}`,
				position: [x + workflow.nodes.length * 180, 220],
			});
			const connection = { node: root.name, type, index };
			workflow.connections[node.name] = { [type]: [[connection]] };
		}
	}
	return workflow;
}

export async function saved(
	world: N8nWorld,
	nodes: NewNode[],
	subNodes: SubNodes,
): Promise<SavedWorkflow> {
	return await world.session.createWorkflow(served(world, nodes, subNodes));
}

/** The text that a prediction has output. */
export function textOf({ output, written }: SandboxPrediction): string {
	return [output ?? written].flat().join('');
}

/** The error of an execution, as n8n shows it. */
export function errorOf({ resultData }: IRunExecutionData): string {
	const { message, description } = resultData.error ?? { message: '' };
	return [message, description].filter(Boolean).join('\n');
}
