import { resolve } from 'node:path';
import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type INodeType,
} from 'n8n-workflow';
import { startEngine, type Engine } from '../../dev/engine/engine';
import { nodeType } from '../../dev/packageName';
import { startSandbox, type Sandbox } from '../../dev/sandbox/server';
import { NODE, runModel } from './world';

const ROUNDS = 3;

/** Sends the same items round three times, as "Loop Over Items" does with its batches. */
const loop: INodeType = {
	description: {
		displayName: 'Loop',
		name: 'loop',
		group: ['transform'],
		version: 1,
		description: 'Loop',
		defaults: { name: 'Loop' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		properties: [],
	},
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const memory = this.getContext('node') as { round?: number };
		memory.round = (memory.round ?? -1) + 1;
		const items = [{ json: { round: memory.round } }, { json: { round: memory.round } }];
		return await Promise.resolve(memory.round < ROUNDS ? [items, []] : [[], items]);
	},
};

describe('a retry in a loop', () => {
	let engine: Engine;
	let sandbox: Sandbox;

	beforeAll(async () => {
		sandbox = await startSandbox();
		engine = await startEngine({
			packageFolder: resolve(__dirname, '../..'),
			binaryMode: 'filesystem',
			credential: { apiToken: sandbox.token, baseUrl: sandbox.baseUrl },
			nodes: { 'test.loop': loop },
		});
	});
	afterAll(async () => await Promise.all([sandbox.stop(), engine.stop()]));
	beforeEach(() => sandbox.forget());

	const node = (name: string, type: string, more: Partial<INode> = {}): INode => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		...more,
	});
	const to = (...names: string[]) => ({
		main: names.map((name) => [{ node: name, type: 'main' as const, index: 0 }]),
	});
	const workflow = (more: Partial<INode>, seconds = '0.1') => ({
		nodes: [
			node('Trigger', 'n8n-nodes-base.manualTrigger'),
			node('Loop', 'test.loop'),
			node(NODE, nodeType('replicate'), {
				// The same input in each round: only the run's number tells them apart.
				parameters: runModel('sandbox/slow', {
					inputJson: `={{ { seconds: ${seconds}, label: "same" } }}`,
				}),
				credentials: { replicateApi: { id: 'x', name: 'x' } },
				...more,
			}),
		],
		connections: { Trigger: to('Loop'), Loop: to(NODE), [NODE]: to('Loop') },
	});
	it('belongs to its own round, with Retry On Fail', async () => {
		sandbox.faults.plan('POST', /\/predictions$/, { kind: 'answer', status: 401 });
		const run = await engine.start(
			workflow({ retryOnFail: true, maxTries: 2, waitBetweenTries: 1 }),
		).finished;
		expect(run.data.resultData.error).toBeUndefined();
		const rounds = run.data.resultData.runData[NODE]!;
		expect(rounds).toHaveLength(ROUNDS);
		const ids = rounds.flatMap(({ data }) => data!.main![0]!.map(({ json }) => json.id));
		expect(new Set(ids).size).toBe(2 * ROUNDS);
		expect(sandbox.predictions.all.map(({ id }) => id).sort()).toEqual([...ids].sort());
	});

	it('belongs to its own round, by hand', async () => {
		const failing = workflow({}, '$runIndex === 1 && $itemIndex === 1 ? "x" : 0.1');
		failing.nodes[2]!.parameters.options = { concurrency: 1 };
		const run = await engine.start(failing).finished;
		expect(run.data.resultData.error!.message).toContain('[item 1]');
		const before = sandbox.predictions.all.map(({ id }) => id);
		expect(before).toHaveLength(3);
		const ended = await engine.retry(run, workflow({})).finished;
		expect(ended.data.resultData.error).toBeUndefined();
		const rounds = ended.data.resultData.runData[NODE]!;
		const ids = rounds.map(({ data }) => data!.main![0]!.map(({ json }) => json.id));
		expect(ids[0]).toEqual(before.slice(0, 2));
		expect(ids[1]![0]).toBe(before[2]);
		expect(new Set(ids.flat()).size).toBe(2 * ROUNDS);
		expect(sandbox.predictions.all).toHaveLength(2 * ROUNDS);
	});
});
