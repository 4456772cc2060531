import type { INodeParameters } from 'n8n-workflow';
import type { Session } from '../../dev/n8n/session';
import { nodeType } from '../../dev/packageName';
import { ended, executed, given, inARow, startN8nWorld, type N8nWorld } from './n8nWorld';

const TEXTS = [0, 1, 2, 3].map((n) => `done after 0.2 s item ${n}`);

describe('the Retry button of a failed execution', () => {
	let world: N8nWorld;

	beforeAll(async () => (world = await startN8nWorld()));
	beforeEach(() => world.sandbox.forget());
	afterAll(async () => await world.stop());

	it.each([
		['with the workflow that it failed with', false],
		['with the workflow as it is saved now', true],
	])('pays for nothing twice, %s', async (_which, loadWorkflow) => {
		const { session } = world;
		// What is saved later mends the one item that fails.
		const workflow = await session.createWorkflow(
			workflowOf(`Retry ${loadWorkflow}`, loadWorkflow ? '$json.n === 2 ? "x" : 0.2' : '0.2'),
		);
		if (!loadWorkflow) refuseThird();
		await executed(session, workflow, 'Trigger');
		const { id } = (await session.executions(workflow.id))[0]!;
		expect((await ended(session, id)).status).toBe('error');
		expect(labels()).toEqual(['item 0', 'item 1']);

		if (loadWorkflow) {
			const { nodes, connections } = workflowOf('', '0.2');
			const { versionId } = workflow;
			await session.request('PATCH', `/workflows/${workflow.id}`, {
				nodes,
				connections,
				versionId,
			});
		}
		const { status, data } = await ended(session, await pressRetry(session, id, loadWorkflow));
		expect(status).toBe('success');
		expect(given(data, 'Replicate').map(({ json }) => json.text)).toEqual(TEXTS);
		expect(labels()).toEqual(['item 0', 'item 1', 'item 2', 'item 3']);
	});

	function workflowOf(name: string, seconds: string) {
		const parameters: INodeParameters = {
			model: { __rl: true, mode: 'name', value: 'sandbox/slow' },
			inputJson: `={{ { seconds: ${seconds}, label: "item " + $json.n } }}`,
			options: { concurrency: 1 },
		};
		const jsCode = 'return [0, 1, 2, 3].map((n) => ({ json: { n } }));';
		return inARow(world, name, [
			{ name: 'Trigger', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} },
			{ name: 'Items', type: 'n8n-nodes-base.code', typeVersion: 2, parameters: { jsCode } },
			{ name: 'Replicate', type: nodeType('replicate'), typeVersion: 1, parameters },
		]);
	}

	/** The third create from now on is refused, once. */
	function refuseThird(): void {
		const { faults } = world.sandbox;
		let creates = 0;
		faults.byChance = (method, path) => {
			if (method !== 'POST' || !path.endsWith('/predictions')) return undefined;
			creates += 1;
			return creates === 3 ? { kind: 'answer', status: 401 } : undefined;
		};
	}

	function labels(): unknown[] {
		return world.sandbox.predictions.all.map(({ input }) => input.label);
	}
});

/** @returns the id of the new execution */
async function pressRetry(
	session: Session,
	executionId: string,
	loadWorkflow: boolean,
): Promise<string> {
	const { id } = await session.request<{ id: string }>('POST', `/executions/${executionId}/retry`, {
		loadWorkflow,
	});
	return id;
}
