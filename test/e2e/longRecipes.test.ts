import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { INodeExecutionData } from 'n8n-workflow';
import sharp from 'sharp';
import type { SavedWorkflow, WorkflowFile } from '../../dev/n8n/session';
import {
	ended,
	example,
	executed,
	given,
	startN8nWorld,
	started,
	until,
	type N8nWorld,
} from './n8nWorld';

/** The recipes that wait for a person, or run for hours, in a complete n8n. */
describe('recipes that are suspended', () => {
	let world: N8nWorld;

	beforeAll(async () => {
		// The account's rate limit is not what is tested here.
		world = await startN8nWorld({
			sandbox: { createLimit: { perMinute: 100_000, burst: 10_000 } },
		});
	});
	afterAll(async () => await world.stop());

	const imported = async (name: string, change?: (workflow: WorkflowFile) => void) =>
		await example(world, name, change);
	const folder = async (name: string) => await readdir(join(world.filesFolder, name));
	const isWaiting = async (id: string) => (await world.session.status(id)) === 'waiting';

	describe('approval', () => {
		const decided = async (button: string) => {
			const { standIns, session } = world;
			const seen = standIns.messages.length;
			const executionId = await started(session, await imported('approval'));
			await until('the question is asked', () => standIns.messages.length === seen + 2);
			const [shown, asked] = standIns.messages.slice(seen);
			expect(shown!.method).toBe('sendPhoto');
			expect(shown!.photo).toBeGreaterThan(1_000);
			await until('it is suspended', async () => await isWaiting(executionId));
			// n8n takes no decision from a messenger that looks at the link.
			const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' };
			await fetch(asked!.buttons[button]!, { headers });
			return (await ended(session, executionId)).data;
		};

		it('publishes the picture after a yes', async () => {
			const data = await decided('Approve');
			const [{ json }] = given(data, 'Publish') as [INodeExecutionData];
			expect((await sharp(String(json.fileName)).metadata()).width).toBeGreaterThan(100);
			expect(given(data, 'Not Published')).toEqual([]);
		});

		it('publishes nothing after a no', async () => {
			const before = await folder('published');
			const data = await decided('Decline');
			expect(given(data, 'Not Published')).toHaveLength(1);
			expect(await folder('published')).toEqual(before);
		});
	});

	describe('thousands-of-rows', () => {
		/** `ROWS=2000` for all of them. */
		const ROWS = Number(process.env.ROWS ?? 170);
		const BATCH = 50;
		/** The status of a row that has not run. */
		const NONE = 'null';

		const rows = async () => {
			const { session } = world;
			const { id: project } = await session.request<{ id: string }>('GET', '/projects/personal');
			const tables = `/projects/${project}/data-tables`;
			const found = await session.request<{ data: Array<{ id: string }> }>('GET', tables);
			const all: Array<{ status: string; result: string }> = [];
			for (;;) {
				const { data } = await session.request<{ data: typeof all }>(
					'GET',
					`${tables}/${found.data[0]!.id}/rows?take=100&skip=${all.length}`,
				);
				if (data.length === 0) return all;
				all.push(...data);
			}
		};
		const statuses = async () => {
			const counts: Record<string, number> = {};
			for (const { status } of await rows()) counts[status] = (counts[status] ?? 0) + 1;
			return counts;
		};

		/** Starts the workflow, and gives its two executions while a batch is suspended. */
		const suspendedIn = async (batch: number, workflow: SavedWorkflow, created: () => number) => {
			const { sandbox, session } = world;
			const { boot } = sandbox.predictions;
			let release = () => {};
			const gate = new Promise<void>((resolve) => (release = resolve));
			// No prediction of this batch ends before the execution is stopped.
			sandbox.predictions.boot = async (signal) =>
				created() > BATCH * (batch - 1) ? await gate : await boot(signal);
			const whole = await started(session, workflow);
			await until('the batch runs', () => created() === batch * BATCH, 60_000);
			const waiting = async () =>
				(await session.executions(workflow.id)).filter(({ status }) => status === 'waiting');
			await until('both are suspended', async () => (await waiting()).length === 2);
			const part = (await waiting()).find(({ id }) => id !== whole);
			const stop = async (id: string) => await session.request('POST', `/executions/${id}/stop`);
			return {
				stopWhole: async () => await stop(whole),
				stopBatch: async () => await stop(part!.id),
				letGo: () => {
					sandbox.predictions.boot = boot;
					release();
				},
			};
		};

		it('can be stopped and resumed, and runs no row twice', async () => {
			const { sandbox, session } = world;
			const workflow = await imported('thousands-of-rows', ({ nodes }) => {
				const { parameters } = nodes.find(({ name }) => name === 'Sample Prompts')!;
				Object.assign(
					parameters,
					JSON.parse(JSON.stringify(parameters).replace('2000', `${ROWS}`)),
				);
			});
			const before = sandbox.predictions.all.length;
			const created = () => sandbox.predictions.all.slice(before);
			const count = () => created().length;

			const first = await suspendedIn(2, workflow, count);
			await first.stopWhole();
			first.letGo();
			// The batch that was running still ends.
			await until('it has ended', async () => (await statuses()).done === 2 * BATCH, 60_000);
			expect(await statuses()).toEqual({ done: 2 * BATCH, [NONE]: ROWS - 2 * BATCH });

			const second = await suspendedIn(3, workflow, count);
			await second.stopWhole();
			await second.stopBatch();
			second.letGo();
			const resumed = await started(session, workflow);
			const { data } = await ended(session, resumed, 500_000);
			expect(data.resultData.error).toBeUndefined();
			const prompts = created().map(({ input }) => input.prompt);
			expect(prompts).toHaveLength(ROWS);
			expect(new Set(prompts).size).toBe(ROWS);
			// The batch that was stopped is left to a person.
			expect(await statuses()).toEqual({ done: ROWS - BATCH, running: BATCH });
			expect(await folder('pictures')).toHaveLength(ROWS - BATCH);
		});

		it('runs nothing when every row has a status', async () => {
			const { sandbox, session } = world;
			const before = sandbox.predictions.all.length;
			await executed(session, await imported('thousands-of-rows'));
			expect(sandbox.predictions.all).toHaveLength(before);
		});
	});
});
