import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
} from 'n8n-workflow';
import type { Contestant, Service } from './contestant';
import { nodeInEngine } from './node';

/** As many characters as the JSON has that the node gives for an instant prediction. */
const RESULT_LENGTH = 600;

/** A node that gives items of the same size without asking anybody: n8n's own share of the memory. */
export const passingOn = async (service: Service): Promise<Contestant> =>
	await nodeInEngine(service, {
		type: 'bench.passingOn',
		node: PASSING_ON,
		upload: {},
		download: {},
		predict: () => ({}),
		wait: () => ({}),
	});

const PASSING_ON: INodeType = {
	description: {
		displayName: 'Passing On',
		name: 'passingOn',
		group: ['transform'],
		version: 1,
		description: 'Passes items on',
		defaults: { name: 'Passing On' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	},
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData().map(({ json }, item) => ({
			json: { ...json, output: `${item} `.padEnd(RESULT_LENGTH, 'x') },
			pairedItem: { item },
		}));
		return await Promise.resolve([items]);
	},
};
