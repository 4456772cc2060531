import { setTimeout as sleep } from 'node:timers/promises';
import { nodeType } from '../../dev/packageName';
import type { Session } from '../../dev/n8n/session';
import {
	allEnded,
	called,
	ended,
	example,
	given,
	inARow,
	startN8nWorld,
	type N8nWorld,
} from './n8nWorld';

/** Whom a callback wakes, and when it cannot, in a complete n8n. */
describe('callbacks', () => {
	let world: N8nWorld;

	beforeAll(async () => (world = await startN8nWorld()));
	afterAll(async () => await world.stop());

	const suspendedId = async (session: Session, workflowId: string): Promise<string> => {
		const deadline = Date.now() + 15_000;
		for (;;) {
			const [execution] = await session.executions(workflowId);
			if (execution?.status === 'waiting') return execution.id;
			if (Date.now() > deadline) throw new Error(`Not suspended: ${JSON.stringify(execution)}`);
			await sleep(100);
		}
	};

	it('that come late leave a Wait node after Replicate alone', async () => {
		const { main, sandbox, session } = world;
		const workflow = await session.createWorkflow(
			inARow(world, 'approval', [
				{
					name: 'Webhook',
					type: 'n8n-nodes-base.webhook',
					typeVersion: 2,
					webhookId: 'approval',
					parameters: {
						httpMethod: 'POST',
						path: 'approval',
						responseMode: 'onReceived',
						options: {},
					},
				},
				{
					name: 'Replicate',
					type: nodeType('replicate'),
					typeVersion: 1,
					parameters: {
						model: { __rl: true, mode: 'name', value: 'sandbox/slow' },
						inputMode: 'json',
						inputJson: '{ "seconds": 3 }',
						waitFor: 'callback',
					},
				},
				{
					name: 'Approval',
					type: 'n8n-nodes-base.wait',
					typeVersion: 1.1,
					webhookId: 'wait',
					parameters: { resume: 'webhook', httpMethod: 'POST', options: {} },
				},
				{ name: 'After', type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} },
			]),
		);
		await session.activate(workflow);
		await called(`${main.url}/webhook/approval`, {});
		const id = await suspendedId(session, workflow.id);
		const prediction = sandbox.predictions.all.at(-1)!;
		await prediction.ended;
		const isApprovalNext = async () => {
			const { data } = await session.execution(id);
			return given(data, 'Replicate')[0]?.json.status === 'succeeded';
		};
		while (!(await isApprovalNext())) await sleep(200);
		await suspendedId(session, workflow.id);

		const { url } = prediction.webhook!;
		const body = JSON.stringify({ id: prediction.id, status: 'succeeded' });
		const late = async () =>
			await fetch(url, { method: 'POST', headers: sandbox.webhooks.sign('msg_late', body), body });
		expect((await late()).status).toBe(404);
		await sleep(1_000);
		expect((await session.execution(id)).status).toBe('waiting');

		const bare = new URL(url);
		bare.pathname = bare.pathname.split('/').slice(0, 3).join('/');
		const approved = await fetch(bare, { method: 'POST' });
		expect(approved.status).toBe(200);
		const { status, data } = await ended(session, id);
		expect(status).toBe('success');
		expect(given(data, 'After')).toHaveLength(1);
	});

	describe('for the tool of an agent', () => {
		/** The recipe of an agent whose tool waits for callbacks, with the agent in one of its versions. */
		const asked = async (typeVersion: number) => {
			const { session, main } = world;
			const path = `agent-${String(typeVersion).replace('.', '-')}`;
			const workflow = await example(world, 'agent', ({ nodes }) => {
				for (const node of nodes) {
					if (node.name === 'AI Agent') node.typeVersion = typeVersion;
					if (node.webhookId) node.webhookId = path;
					if (node.name !== 'Draw a Picture') continue;
					node.parameters = {
						descriptionType: 'manual',
						toolDescription: 'Draws a picture',
						model: { __rl: true, mode: 'name', value: 'sandbox/slow' },
						inputMode: 'json',
						inputJson: '={{ { seconds: 3, label: $fromAI("prompt", "What to draw", "string") } }}',
						waitFor: 'callback',
					};
				}
			});
			await session.activate(workflow);
			void called(`${main.url}/webhook/${path}/chat`, {
				action: 'sendMessage',
				sessionId: 'test',
				chatInput: 'Draw a picture of a red bicycle',
			}).catch(() => undefined);
			await sleep(1_000);
			return workflow.id;
		};

		/** What the tool created: the agent's own model is one of Replicate, too. */
		const slow = () => world.sandbox.predictions.all.filter(({ model }) => model.name === 'slow');

		it('are refused before anything is created, where the agent runs its tools itself', async () => {
			const { session } = world;
			const before = slow().length;
			const [{ data }] = (await allEnded(session, await asked(2))) as [
				Awaited<ReturnType<Session['execution']>>,
			];
			expect(slow()).toHaveLength(before);
			expect(JSON.stringify(data)).toContain('this agent runs its tools itself');
		});

		it('bring the agent the result, where n8n runs its tools as steps', async () => {
			const { session } = world;
			const id = await suspendedId(session, await asked(3));
			expect(slow().at(-1)!.input.label).toContain('red bicycle');
			const { status, data } = await ended(session, id);
			expect(status).toBe('success');
			const [{ json }] = given(data, 'AI Agent') as [{ json: { output: string } }];
			expect(json.output).toMatch(/The tool says:.*done after 3 s/s);
		});
	});
});
