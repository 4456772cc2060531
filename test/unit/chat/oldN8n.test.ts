import { resolve } from 'node:path';
import type { INode, INodeType, ISupplyDataFunctions } from 'n8n-workflow';

const root = resolve(__dirname, '../../..');

/** n8n before 2.16 has no SDK for AI nodes. */
describe.each(['dist', 'dist-cloud/dist'])(
	'the package in an n8n without the SDK (%s)',
	(folder) => {
		beforeAll(() => {
			jest.resetModules();
			jest.doMock('@n8n/ai-node-sdk', () => {
				throw new Error("Cannot find module '@n8n/ai-node-sdk'");
			});
		});
		afterAll(() => jest.dontMock('@n8n/ai-node-sdk'));

		const load = (node: string) =>
			jest.requireActual<Record<string, new () => INodeType>>(
				resolve(root, folder, `nodes/${node}/${node}.node.js`),
			)[node]!;

		it('loads all nodes', () => {
			for (const node of ['Replicate', 'ReplicateTrigger', 'ReplicateChatModel']) {
				const Node = load(node);
				expect(new Node().description.name).toBe(node[0]!.toLowerCase() + node.slice(1));
			}
		});

		it('says which n8n the chat model needs', async () => {
			const node = { name: 'Model', type: 'replicateChatModel' } as INode;
			const context = { getNode: () => node } as unknown as ISupplyDataFunctions;
			const model = new (load('ReplicateChatModel'))();
			await expect(model.supplyData!.call(context, 0)).rejects.toMatchObject({
				message: 'The Replicate Chat Model needs n8n 2.16 or newer',
				description: expect.stringContaining('Update n8n') as string,
			});
		});
	},
);
