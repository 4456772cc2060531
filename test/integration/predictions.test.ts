import type { INodeParameters } from 'n8n-workflow';
import { runModel, startWorld, type World } from './world';

describe('many predictions', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(async () => await world.stop());

	it('run ten at a time when told so, and come out in the order of their items', async () => {
		const { items, error } = await world.run(
			{
				parameters: runModel('sandbox/slow', {
					inputJson: '={{ { seconds: 1, label: $json.n } }}',
					options: { concurrency: 10 },
				}),
			},
			Array.from({ length: 100 }, (_, n) => ({ json: { n: String(n) } })),
		);
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.text)).toEqual(
			Array.from({ length: 100 }, (_, n) => `done after 1 s ${n}`),
		);
		// How long that takes against the ideal is measured in bench/.
		const all = world.sandbox.predictions.all;
		const together = all.map(
			({ startedAt: now }) =>
				all.filter((other) => other.startedAt! <= now! && now! < other.completedAt!).length,
		);
		expect(Math.max(...together)).toBe(10);
	});

	describe('listed', () => {
		const list = async (parameters: INodeParameters) => {
			const { items, error } = await world.run({
				parameters: { operation: 'getAll', ...parameters },
			});
			expect(error).toBeUndefined();
			return items.map(({ json }) => json);
		};

		beforeAll(async () => {
			await world.run(
				{
					parameters: runModel('={{ $json.model }}', { inputJson: '{"seconds":0,"prompt":"a"}' }),
					onError: 'continueRegularOutput',
				},
				[{ json: { model: 'sandbox/tokens' } }, { json: { model: 'sandbox/fail' } }],
			);
		});

		it('up to the limit, newest first, and all of them page by page', async () => {
			expect(await list({ limit: 3 })).toHaveLength(3);
			const all = await list({ returnAll: true });
			expect(all).toHaveLength(102);
			expect(new Set(all.map(({ id }) => id)).size).toBe(102);
		});

		it('by model and status, through all pages', async () => {
			expect(await list({ returnAll: true, filters: { model: 'sandbox/slow' } })).toHaveLength(100);
			expect(await list({ filters: { status: ['failed'] } })).toEqual([
				expect.objectContaining({ model: 'sandbox/fail', status: 'failed' }),
			]);
		});

		it('by time', async () => {
			const after = { createdAfter: new Date(Date.now() + 60_000).toISOString() };
			expect(await list({ returnAll: true, filters: after })).toHaveLength(0);
			const { error } = await world.run({
				parameters: { operation: 'getAll', filters: { createdBefore: 'yesterday' } },
			});
			expect(error!.message).toBe(
				'Filters → Created Before must be a time, and is "yesterday" [item 0]',
			);
		});
	});

	it('tells how far a running one is', async () => {
		const { items } = await world.run({
			parameters: runModel('sandbox/slow', { inputJson: '{"seconds":20}', waitFor: 'nothing' }),
		});
		await new Promise((resolve) => setTimeout(resolve, 4_300));
		const { items: got } = await world.run({
			parameters: { operation: 'get', predictionId: items[0]!.json.id as string },
		});
		expect(got[0]!.json).toMatchObject({
			status: 'processing',
			progress: { percentage: 20, logLine: expect.stringContaining('2/10') },
		});
		const { error } = await world.run({
			parameters: {
				operation: 'get',
				predictionId: items[0]!.json.id as string,
				waitUntilFinished: true,
				options: { timeout: 1 },
			},
		});
		expect(error!.description).toMatch(/So far: [23]0 % done; /);
	});
});
