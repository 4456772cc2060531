import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { Spending } from '../../nodes/jobs/ledger/spending';
import type { NodeRun } from '../../nodes/host/nodeRun';
import type { Prediction } from '../../nodes/shared/api/shapes';
import { NODE, runModel, startWorld, type Result, type World } from './world';

const items = (count: number): INodeExecutionData[] =>
	Array.from({ length: count }, (_, n) => ({ json: { n: String(n) } }));

describe('Options → Max Predictions', () => {
	let world: World;
	beforeEach(async () => {
		world = await startWorld();
	});
	afterEach(async () => await world.stop());

	const slow = (options: INodeParameters): INodeParameters =>
		runModel('sandbox/slow', { inputJson: '={{ { seconds: 0, label: $json.n } }}', options });
	const created = () => world.sandbox.predictions.all.length;
	const posts = () => world.sandbox.requests.filter(({ method }) => method === 'POST').length;

	it('refuses a run that would create more before the first create, with the number', async () => {
		const { error } = await world.run(
			{ parameters: slow({ maxPredictions: 3, concurrency: 1 }) },
			items(4),
		);
		expect(error).toMatchObject({
			message: 'Options → Max Predictions allows 3, and this run would create 4 [item 0]',
			description: 'Nothing was created. Raise the limit, or pass fewer items to the node.',
		});
		expect(posts()).toBe(0);
	});

	it('refuses it for every item of a node that goes on after errors', async () => {
		const run = await world.run(
			{ parameters: slow({ maxPredictions: 3 }), onError: 'continueRegularOutput' },
			items(4),
		);
		expect(run.items.map(({ json }) => json.error)).toEqual(
			items(4).map((_, n) => expect.stringContaining(`would create 4 [item ${n}]`)),
		);
		expect(posts()).toBe(0);
	});

	it('lets a run of as many predictions pass', async () => {
		const { items: results } = await world.run(
			{ parameters: slow({ maxPredictions: 4 }) },
			items(4),
		);
		expect(results).toHaveLength(4);
	});

	it('uploads nothing for a run that it refuses', async () => {
		const item = await world.fileItem(Buffer.from('a'), 'a.svg', 'image/svg+xml');
		const parameters = runModel('sandbox/thumbnail', {
			options: { maxPredictions: 1, fileRouting: 'upload' },
		});
		const { error } = await world.run({ parameters }, [item, item]);
		expect(error!.message).toContain('this run would create 2');
		expect(posts()).toBe(0);
	});

	const fail = (maxPredictions: number) =>
		runModel('sandbox/fail', {
			inputJson: '={{ { message: "no " + $json.n } }}',
			options: { maxPredictions, concurrency: 1 },
		});

	it('counts the creates of all tries, where n8n tries again', async () => {
		const { error } = await world.run({ parameters: fail(2), tries: 4 }, items(1));
		expect(created()).toBe(2);
		expect(error!.message).toBe(
			'Options → Max Predictions allows 2, and this run would create 3, 2 of them created already [item 0]',
		);
		expect(error!.description).toContain('Nothing more was created.');
	});

	it('collects what an earlier try has made, also where it allows no more', async () => {
		const parameters = runModel('={{ $json.model }}', {
			inputJson: '={{ $json.input }}',
			options: { maxPredictions: 2, concurrency: 1 },
		});
		const two = [
			{ json: { model: 'sandbox/slow', input: { seconds: 0, label: 'kept' } } },
			{ json: { model: 'sandbox/fail', input: { message: 'no' } } },
		];
		const { error } = await world.run({ parameters, tries: 2 }, two);
		expect(created()).toBe(2);
		expect(error!.message).toContain('would create 3, 2 of them created already [item 1]');
	});

	it.each([
		['empty', ''],
		['null', '={{ null }}'],
		['an empty expression', '={{ $json.missing }}'],
	])('must not mean any number where it is set and %s', async (_what, maxPredictions) => {
		const run = await world.run(
			{ parameters: slow({ maxPredictions }), onError: 'continueRegularOutput' },
			items(8),
		);
		expect(posts()).toBe(0);
		expect(run.items.map(({ json }) => json.error)).toEqual(
			items(8).map(() => expect.stringContaining('Max Predictions is set, and empty') as string),
		);
	});

	it('is the smallest of all items, and needed for each', async () => {
		const only = slow({ maxPredictions: '={{ $json.n === "7" ? 2 : undefined }}' });
		expect((await world.run({ parameters: only }, items(8))).error!.message).toContain(
			'Max Predictions is set, and empty',
		);
		const differing = slow({ maxPredictions: '={{ $json.n === "7" ? 2 : 100 }}' });
		expect((await world.run({ parameters: differing }, items(8))).error!.message).toContain(
			'allows 2, and this run would create 8',
		);
		expect(posts()).toBe(0);
	});

	it.each([0, -1, 1.5, 'many'])('must be a whole number of 1 or more: %j', async (value) => {
		const { error } = await world.run({ parameters: slow({ maxPredictions: value }) }, items(1));
		expect(error!.message).toContain(
			'Options → Max Predictions must be a whole number of 1 or more, and is',
		);
		expect(posts()).toBe(0);
	});
});

describe('what a run used', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(async () => await world.stop());

	const hintsOf = ({ run }: Result) =>
		(run.data.resultData.runData[NODE]![0]!.hints ?? []).map(({ message }) => message);
	const slow = (options: INodeParameters = {}) =>
		runModel('sandbox/slow', { inputJson: '{"seconds":0.2}', options });

	const secondsOf = ({ items: results }: Result) =>
		results
			.map(({ json }) => (json.metrics as { predict_time: number }).predict_time)
			.reduce((sum, seconds) => sum + seconds);
	const inEnglish = (seconds: number) => seconds.toLocaleString('en', { maximumFractionDigits: 1 });

	it('is summed at the node', async () => {
		const result = await world.run({ parameters: slow() }, items(3));
		const seconds = secondsOf(result);
		expect(seconds).toBeGreaterThan(0.5);
		expect(hintsOf(result)).toEqual([
			`3 predictions used ${inEnglish(seconds)} s of prediction time`,
		]);
	});

	it('counts what models are billed by', async () => {
		const result = await world.run(
			{ parameters: runModel('black-forest-labs/flux-schnell', { inputJson: '{"prompt":"a"}' }) },
			items(2),
		);
		expect(hintsOf(result)[0]).toMatch(/; image count: 2$/);
	});

	it('counts failed predictions, which may be billed', async () => {
		const result = await world.run(
			{ parameters: runModel('sandbox/fail'), onError: 'continueRegularOutput' },
			items(2),
		);
		expect(hintsOf(result)[0]).toMatch(/^2 predictions used /);
	});

	it('is not repeated for a single prediction, whose item has it', async () => {
		expect(hintsOf(await world.run({ parameters: slow() }, items(1)))).toEqual([]);
	});

	it('is money where the builder gives a price', async () => {
		const result = await world.run({ parameters: slow({ pricePerSecond: 0.5 }) }, items(1));
		const [, seconds, dollars] =
			/^1 prediction used ([\d.]+) s of prediction time; about \$([\d.]+) at the price per second in Options$/.exec(
				hintsOf(result)[0]!,
			)!;
		expect(seconds).toBe(inEnglish(secondsOf(result)));
		expect(Number(dollars)).toBeCloseTo(secondsOf(result) * 0.5, 2);
	});

	it('is refused before anything is paid for where its price is none', async () => {
		const before = world.sandbox.predictions.all.length;
		const { error } = await world.run({ parameters: slow({ pricePerSecond: 'abc' }) }, items(1));
		expect(error!.message).toBe(
			'Options → Price per Second (USD) must be a number from 0 to 1000, and is "abc" [item 0]',
		);
		expect(world.sandbox.predictions.all.length).toBe(before);
	});

	describe('by metrics that a model makes up', () => {
		const shown = (price: number, ...metrics: Array<Record<string, number>>) => {
			const spending = new Spending();
			for (const [n, one] of metrics.entries()) {
				spending.add({ id: String(n), status: 'succeeded', metrics: one } as Prediction, price);
			}
			const inform = jest.fn();
			spending.show({ inform } as unknown as NodeRun);
			return inform.mock.calls.flat();
		};

		it('is no number of 309 digits, and not infinite', () => {
			expect(
				shown(0.5, { predict_time: 1e308 }, { predict_time: 1e308 }, { predict_time: 2 }),
			).toEqual([
				'3 predictions used 2 s of prediction time; about $1 at the price per second in Options; not counted, because it cannot be true: what 2 of them reported',
			]);
			expect(shown(0, { image_count: 1e308 }, { image_count: 2 })).toEqual([
				'2 predictions used 0 s of prediction time; image count: 2; not counted, because it cannot be true: what 1 of them reported',
			]);
		});

		it('is what they say where a job can take so long', () => {
			expect(shown(0, { predict_time: 86_400 }, { predict_time: 0 })).toEqual([
				'2 predictions used 86,400 s of prediction time',
			]);
		});
	});
});
