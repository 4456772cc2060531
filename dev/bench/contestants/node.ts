import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { lookup } from 'mime-types';
import type { INodeExecutionData, INodeParameters, INodeType } from 'n8n-workflow';
import { cloud } from '../../build/editions.js';
import { startEngine, type EngineWorkflow } from '../../engine/engine';
import { nodeType } from '../../packageName';
import type { Contestant, Job, Service } from './contestant';

const ROOT = resolve(__dirname, '../../..');

/** A node's type and parameters for each job; the node runs in n8n's engine, with files on disk. */
export interface NodeJobs {
	type: string;
	/** The node itself, when it is none of this package. */
	node?: INodeType;
	upload: INodeParameters;
	download: INodeParameters;
	predict(concurrency: number): INodeParameters;
	wait(concurrency: number): INodeParameters;
}

const model = (value: string) => ({ model: { __rl: true, mode: 'name', value } });

/** This package's node. */
export const OURS: NodeJobs = {
	type: nodeType('replicate'),
	upload: { resource: 'file', operation: 'upload' },
	download: { operation: 'get', predictionId: '={{ $json.id }}' },
	predict: (concurrency) => ({
		...model('sandbox/checksum'),
		inputJson: '{}',
		fileInputs: { values: [{ input: 'files', binaryFields: 'data' }] },
		options: { concurrency },
	}),
	wait: (concurrency) => ({
		...model('sandbox/slow'),
		inputJson: '={{ $json }}',
		options: { concurrency },
	}),
};

export const node = async (service: Service): Promise<Contestant> =>
	await nodeInEngine(service, OURS);

/** The same with n8n's own HTTP helper. */
export const cloudEdition = async (service: Service): Promise<Contestant> =>
	await nodeInEngine(service, OURS, resolve(ROOT, cloud.folder));

/** A workflow of a trigger and one node. */
export function workflowWith(type: string, parameters: INodeParameters): EngineWorkflow {
	const at = { typeVersion: 1, position: [0, 0] as [number, number] };
	const nodes = [
		{ ...at, id: 'a', name: 'Start', type: 'n8n-nodes-base.manualTrigger', parameters: {} },
		{
			...at,
			id: 'b',
			name: 'Replicate',
			type,
			parameters,
			credentials: { replicateApi: { id: '1', name: 'Bench' } },
		},
	];
	const main = [[{ node: 'Replicate', type: 'main' as const, index: 0 }]];
	return { nodes, connections: { Start: { main } } };
}

/** A node in n8n's engine, which finds its files in n8n's filesystem store, as in a workflow. */
export async function nodeInEngine(
	{ baseUrl, token }: Service,
	jobs: NodeJobs,
	packageFolder = ROOT,
): Promise<Contestant> {
	const engine = await startEngine({
		packageFolder,
		binaryMode: 'filesystem',
		credential: { apiToken: token, baseUrl },
		nodes: jobs.node ? { [jobs.type]: jobs.node } : {},
	});
	const ended: string[] = [];
	const job =
		(parameters: INodeParameters, items: INodeExecutionData[]): Job =>
		async () => {
			const execution = engine.start(workflowWith(jobs.type, parameters), items);
			ended.push(execution.executionId);
			const { data } = await execution.finished;
			if (data.resultData.error) throw data.resultData.error;
		};
	const fileItem = async (path: string): Promise<INodeExecutionData> => {
		const name = basename(path);
		const type = lookup(name) || 'application/octet-stream';
		return { json: {}, binary: { data: await engine.keep(createReadStream(path), name, type) } };
	};
	return {
		upload: async (path) => job(jobs.upload, [await fileItem(path)]),
		download: async (id) => job(jobs.download, [{ json: { id } }]),
		predict: async (paths, concurrency) =>
			job(jobs.predict(concurrency), await Promise.all(paths.map(fileItem))),
		wait: async (seconds, count, concurrency) =>
			job(
				jobs.wait(concurrency),
				Array.from({ length: count }, () => ({ json: { seconds } })),
			),
		tidyUp: async () => {
			engine.forgetEnded();
			await engine.deleteFiles(ended.splice(0));
		},
	};
}
