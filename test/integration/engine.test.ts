import { resolve } from 'node:path';
import { nodeType } from '../../dev/packageName';
import { NODE, runModel, startWorld, type World } from './world';

const root = resolve(__dirname, '../..');

describe('the engine of these tests', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(async () => await world.stop());

	it('is the one that was asked for', () => {
		const folder = process.env.N8N_ENGINE_FOLDER ?? root;
		for (const name of ['n8n-core', 'n8n-workflow', '@n8n/di']) {
			expect(require.resolve(name)).toContain(resolve(folder, 'node_modules', name));
		}
	});

	it('shares its n8n-workflow with the built node', async () => {
		const node = {
			id: 'replicate',
			name: NODE,
			type: nodeType('replicate'),
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: runModel('sandbox/slow'),
		};
		const items = [{ json: {} }];
		const run = await world.engine.start({ nodes: [node], connections: {} }, items).finished;
		// The engine's own error goes through the node as it is, which knows it by its class.
		expect(run.data.resultData.error!.message).toBe('Node does not have any credentials set');
	});
});
