import { setTimeout as sleep } from 'node:timers/promises';
import { Session, type ExecutionSummary } from '../../dev/n8n/session';
import { nodeType } from '../../dev/packageName';
import { called, ended, given, inARow, startOwnN8nWorld, type OwnN8nWorld } from './n8nWorld';

describe('a suspended workflow, when n8n dies', () => {
	let world: OwnN8nWorld;

	beforeAll(async () => (world = await startOwnN8nWorld()));
	afterAll(async () => await world.stop());

	it.each([
		['while n8n runs again', 12],
		['while n8n is down', 1],
	])('goes on after kill -9; its predictions end %s', async (_when, seconds) => {
		const { main, sandbox } = world;
		const path = `restart-${seconds}`;
		const workflow = await world.session.createWorkflow(
			inARow(world, path, [
				{
					name: 'Webhook',
					type: 'n8n-nodes-base.webhook',
					typeVersion: 2,
					webhookId: path,
					parameters: { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} },
				},
				{
					name: 'Labels',
					type: 'n8n-nodes-base.splitOut',
					typeVersion: 1,
					parameters: { fieldToSplitOut: 'body.labels', options: {} },
				},
				{
					name: 'Replicate',
					type: nodeType('replicate'),
					typeVersion: 1,
					parameters: {
						model: { __rl: true, mode: 'name', value: 'sandbox/slow' },
						inputJson: `={{ { seconds: ${seconds + 3}, label: $json["body.labels"] } }}`,
						waitFor: 'callback',
					},
				},
				{
					name: 'After',
					type: 'n8n-nodes-base.noOp',
					typeVersion: 1,
					parameters: {},
				},
			]),
		);
		await world.session.activate(workflow);
		const before = sandbox.predictions.all.length;
		await called(`${main.url}/webhook/${path}`, { labels: ['a', 'b', 'c', 'd', 'e'] });
		const [{ id }] = await waiting(world.session, workflow.id);
		expect(sandbox.predictions.all.length - before).toBe(5);

		await main.kill();
		// Replicate tries again for about a minute: a call that finds nobody is not the last one.
		await sleep((seconds < 5 ? seconds + 5 : 0) * 1_000);
		await main.start();
		world.session = await Session.open(main.url);

		const { status, data } = await ended(world.session, id);
		expect(status).toBe('success');
		expect(given(data, 'After').map(({ json }) => json.text)).toEqual(
			['a', 'b', 'c', 'd', 'e'].map((label) => `done after ${seconds + 3} s ${label}`),
		);
		expect(sandbox.predictions.all.length - before).toBe(5);
	});
});

/** Waits until a workflow's execution is suspended. */
async function waiting(session: Session, workflowId: string): Promise<[ExecutionSummary]> {
	const deadline = Date.now() + 15_000;
	for (;;) {
		const executions = await session.executions(workflowId);
		if (executions[0]?.status === 'waiting') return [executions[0]];
		if (Date.now() > deadline) throw new Error(`Not suspended: ${JSON.stringify(executions)}`);
		await sleep(200);
	}
}
