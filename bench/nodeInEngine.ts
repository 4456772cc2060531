import { resolve } from 'node:path';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { startEngine, type Engine } from '../engine/engine';

/** The Replicate node in n8n's engine, with binary data on disk. */
export interface NodeInEngine {
	engine: Engine;
	/** Runs the node on one item, and throws its error. */
	run(item: INodeExecutionData): Promise<void>;
}

export async function nodeInEngine(
	baseUrl: string,
	apiToken: string,
	parameters: INodeParameters,
): Promise<NodeInEngine> {
	const engine = await startEngine({
		packageFolder: resolve(__dirname, '..'),
		binaryMode: 'filesystem',
		credential: { apiToken, baseUrl },
	});
	const node = { typeVersion: 1, position: [0, 0] as [number, number] };
	const nodes = [
		{ ...node, id: 'a', name: 'Start', type: 'n8n-nodes-base.manualTrigger', parameters: {} },
		{
			...node,
			id: 'b',
			name: 'Replicate',
			type: 'n8n-nodes-replicate.replicate',
			parameters,
			credentials: { replicateApi: { id: '1', name: 'Bench' } },
		},
	];
	const main = [[{ node: 'Replicate', type: 'main' as const, index: 0 }]];
	return {
		engine,
		async run(item) {
			const { data } = await engine.start({ nodes, connections: { Start: { main } } }, [item])
				.finished;
			if (data.resultData.error) throw data.resultData.error;
		},
	};
}
