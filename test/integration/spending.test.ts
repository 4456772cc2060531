import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { usageText } from '../../nodes/jobs/ledger/costs';
import { Ledger } from '../../nodes/jobs/ledger/ledger';
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

describe('Options → Max Spending', () => {
	let world: World;
	beforeEach(async () => {
		world = await startWorld();
	});
	afterEach(async () => await world.stop());

	const FLUX = 'black-forest-labs/flux-schnell';
	const prices = { values: [{ unit: 'image', price: 0.3 }] };
	const flux = (options: INodeParameters, more: INodeParameters = {}) =>
		runModel(FLUX, {
			inputJson: '={{ { prompt: $json.n } }}',
			options: { concurrency: 1, prices, ...options },
			...more,
		});
	const created = () => world.sandbox.predictions.all.length;
	const LIMIT = 'Options → Max Spending (USD)';

	it('creates nothing more where the next one would pass it, and delivers what was paid for', async () => {
		const { items: results } = await world.run(
			{ parameters: flux({ maxSpending: 1 }), onError: 'continueRegularOutput' },
			items(6),
		);
		expect(created()).toBe(3);
		expect(results.slice(0, 3).map(({ json }) => json.status)).toEqual(
			items(3).map(() => 'succeeded'),
		);
		expect(results.slice(3).map(({ json }) => json.error)).toEqual(
			[3, 4, 5].map(
				(n) => `${LIMIT} allows $1.00: $0.90 was spent, the next about $0.30 [item ${n}]`,
			),
		);
	});

	it('uploads nothing for what would pass it', async () => {
		const files = await Promise.all(
			['a', 'b', 'c'].map(
				async (name) => await world.fileItem(Buffer.from(name), `${name}.bin`, 'application/zip'),
			),
		);
		const parameters = runModel('sandbox/checksum', {
			inputJson: '{"file":"data"}',
			options: {
				concurrency: 1,
				fileRouting: 'upload',
				maxSpending: 0.3,
				prices: { values: [{ unit: 'prediction', price: 0.25 }] },
			},
		});
		const { error } = await world.run({ parameters }, files);
		expect(error!.message).toContain(`${LIMIT} allows $0.30: $0.25 was spent`);
		const uploads = world.sandbox.requests.filter(
			({ method, path }) => method === 'POST' && path.endsWith('/files'),
		);
		expect([created(), uploads.length]).toEqual([1, 1]);
	});

	it('counts what is running by the mean of what has ended', async () => {
		const { error } = await world.run(
			{ parameters: flux({ maxSpending: 1, concurrency: 2 }) },
			items(6),
		);
		expect(created()).toBe(3);
		expect(error!.message).toContain(`${LIMIT} allows $1.00: `);
	});

	it('lets what is running end, and a retry collects all of it', async () => {
		const slow = (maxSpending: number) =>
			runModel('sandbox/slow', {
				inputJson: '={{ { seconds: $json.n === "1" ? 0.6 : 0.1, label: $json.n } }}',
				options: {
					maxSpending,
					concurrency: 2,
					prices: { values: [{ unit: 'prediction', price: 0.4 }] },
				},
			});
		const { error, run } = await world.run({ parameters: slow(1) }, items(4));
		expect(error!.message).toContain(`${LIMIT} allows $1.00: `);
		expect(world.sandbox.predictions.all.map(({ status }) => status)).toEqual([
			'succeeded',
			'succeeded',
		]);
		expect(error!.description).toContain(
			'Retry this execution within an hour: the 2 that have succeeded are not paid for again',
		);
		const again = world.resultOf(await world.retry(run, { parameters: slow(2) }).finished);
		expect(again.items).toHaveLength(4);
		expect(created()).toBe(4);
	});

	it('creates nothing more where the first is left running, and nobody knows what one costs', async () => {
		const parameters = runModel('sandbox/slow', {
			inputJson: '={{ { seconds: 30, label: $json.n } }}',
			options: {
				maxSpending: 1,
				concurrency: 1,
				timeout: 1,
				onTimeout: 'leave',
				prices: { values: [{ unit: 'second', price: 0.1 }] },
			},
		});
		const { items: results } = await world.run(
			{ parameters, onError: 'continueRegularOutput' },
			items(3),
		);
		expect(created()).toBe(1);
		expect(results[2]!.json.error).toContain(
			`${LIMIT} cannot be held: what a prediction whose end the run has not seen will cost is not known`,
		);
	});

	it('asks again for what has waited for Replicate’s own limit meanwhile', async () => {
		// One create a second: the others were let pass when nobody knew what one costs.
		world.sandbox.createLimit.options = { perMinute: 60, burst: 1 };
		const { items: results } = await world.run(
			{ parameters: flux({ maxSpending: 0.2, concurrency: 3 }), onError: 'continueRegularOutput' },
			items(3),
		);
		expect(created()).toBe(1);
		const errors = results.flatMap(({ json }) => json.error ?? []);
		expect(errors).toHaveLength(2);
		for (const error of errors) expect(error).toContain(`${LIMIT} allows $0.20: $0.30 was spent`);
	});

	it('counts what failed, and other tries', async () => {
		const parameters = runModel('sandbox/fail', {
			inputJson: '{"message":"no"}',
			options: { maxSpending: 0.5, prices: { values: [{ unit: 'prediction', price: 0.25 }] } },
		});
		const { error } = await world.run({ parameters, tries: 4 }, items(1));
		expect(created()).toBe(2);
		expect(error!.message).toContain(`${LIMIT} allows $0.50: $0.50 was spent`);
	});

	it('is refused before the first create where nothing has a price, or the node does not wait', async () => {
		const refused = async (parameters: INodeParameters) =>
			(await world.run({ parameters }, items(2))).error!.message;
		expect(await refused(flux({ maxSpending: 1, prices: {} }))).toContain(
			`${LIMIT} is set, and item 0 has no price`,
		);
		const someFree = {
			values: [{ unit: 'metric', metric: 'image_count', price: '={{ $json.n === "1" ? 0 : 1 }}' }],
		};
		expect(await refused(flux({ maxSpending: 1, prices: someFree }))).toContain(
			'item 1 has no price',
		);
		expect(await refused(flux({ maxSpending: '' }))).toContain('is set, and empty');
		expect(await refused(flux({ maxSpending: 0 }))).toContain('allows $0.00: $0.00 was spent');
		for (const waitFor of ['nothing', 'callback']) {
			expect(await refused(flux({ maxSpending: 1 }, { waitFor }))).toBe(
				`${LIMIT} needs Continue → When the Result Is Ready: with another choice the node does not see what its predictions cost [item 0]`,
			);
		}
		expect(created()).toBe(0);
	});

	it('creates nothing more where the prices do not fit what the model is billed by', async () => {
		const { error } = await world.run(
			{
				parameters: flux({
					maxSpending: 5,
					prices: { values: [{ unit: 'mediaSecond', price: 1 }] },
				}),
			},
			items(3),
		);
		expect(created()).toBe(1);
		expect(error!.message).toContain(
			`${LIMIT} cannot be held: the predictions report predict_time, image_count without a price`,
		);
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

	const priced = (...values: IDataObject[]) => ({ prices: { values } }) as INodeParameters;
	const costOf = ({ json }: INodeExecutionData) =>
		(json.cost ?? (json.details as IDataObject).cost) as IDataObject;
	const FLUX = 'black-forest-labs/flux-schnell';

	it('is money in the item and at the node where the builder gives a price', async () => {
		const result = await world.run(
			{
				parameters: runModel(FLUX, {
					inputJson: '{"prompt":"a","num_outputs":3}',
					options: priced({ unit: 'image', price: 0.003 }),
				}),
			},
			items(2),
		);
		expect(result.items.map(costOf)).toEqual(
			items(2).map(() => ({
				usd: 0.009,
				parts: [{ metric: 'image_count', amount: 3, price: 0.003, usd: 0.009 }],
			})),
		);
		expect(hintsOf(result)[0]).toMatch(
			/^2 predictions used [\d.]+ s of prediction time; image count: 6; cost \$0\.018$/,
		);
	});

	it('goes on with the price per second of an existing workflow', async () => {
		const result = await world.run({ parameters: slow({ pricePerSecond: 0.5 }) }, items(1));
		const seconds = secondsOf(result);
		const usd = Math.round(seconds * 500_000) / 1_000_000;
		expect(costOf(result.items[0]!)).toEqual({
			usd,
			parts: [{ metric: 'predict_time', amount: seconds, price: 0.5, usd }],
		});
		expect(hintsOf(result)[0]).toMatch(
			/^1 prediction used [\d.]+ s of prediction time; cost \$0\.\d+$/,
		);
	});

	it('names what has no price, and is a lower bound then; never 0', async () => {
		const run = async (...values: IDataObject[]) =>
			await world.run(
				{
					parameters: runModel('meta/meta-llama-3-70b-instruct', {
						inputJson: '{"prompt":"a"}',
						options: priced(...values),
					}),
				},
				items(1),
			);
		const half = await run({ unit: 'millionOutputTokens', price: 2.75 });
		expect(costOf(half.items[0]!)).toMatchObject({
			usd: expect.any(Number) as number,
			parts: [{ metric: 'output_token_count', price: 2.75, per: 1_000_000 }],
			unpriced: ['input_token_count'],
			isLowerBound: true,
		});
		expect(hintsOf(half)[0]).toContain('cost at least $0.00');
		expect(hintsOf(half)[0]).toContain('(input_token_count has no price in Options → Prices)');
		const none = await run({ unit: 'image', price: 1 });
		expect(costOf(none.items[0]!)).toMatchObject({ usd: null, parts: [], isLowerBound: true });
		expect(hintsOf(none)[0]).toContain('; cost unknown (');
		const told = await run(
			{ unit: 'millionOutputTokens', price: 2.75 },
			{ unit: 'metric', metric: 'input_token_count', price: 0 },
		);
		expect(costOf(told.items[0]!)).not.toHaveProperty('isLowerBound');
	});

	it('says the cost of what failed, in its error and apart in the sum', async () => {
		const parameters = runModel('={{ $json.model }}', {
			inputJson: '={{ $json.input }}',
			options: priced({ unit: 'prediction', price: 0.25 }),
		});
		const both = [
			{ json: { model: 'sandbox/slow', input: { seconds: 0 } } },
			{ json: { model: 'sandbox/fail', input: { message: 'no' } } },
		];
		const going = await world.run({ parameters, onError: 'continueRegularOutput' }, both);
		const cost = {
			usd: 0.25,
			parts: [{ metric: 'prediction', amount: 1, price: 0.25, usd: 0.25 }],
		};
		expect(going.items.map(costOf)).toEqual([cost, cost]);
		expect(hintsOf(going)[0]).toMatch(/; cost \$0\.50, \$0\.25 of it for 1 without a result$/);
		const ending = await world.run({ parameters }, both.slice(1));
		expect(ending.error!.description).toContain(
			'All that this run created cost $0.25, $0.25 of it for 1 without a result.',
		);
		expect(ending.error!.context).toMatchObject({ costs: [{ item: 0, ...cost }] });
	});

	it('counts what was created for an item before: its fallbacks and other tries', async () => {
		const { items: results } = await world.run(
			{
				parameters: runModel('sandbox/fail', {
					inputJson: '{"message":"Prediction interrupted; please retry (code: PA)"}',
					options: {
						...priced({ unit: 'prediction', price: 0.1 }),
						fallbackModels: { values: [{ model: 'sandbox/slow', inputJson: '{"seconds":0}' }] },
					},
				}),
			},
			items(1),
		);
		const [tried] = results[0]!.json.modelsTried as Array<{ predictionId: string }>;
		const part = { metric: 'prediction', amount: 1, price: 0.1, usd: 0.1 };
		expect(costOf(results[0]!)).toEqual({
			usd: 0.2,
			parts: [{ ...part, predictionId: tried!.predictionId, status: 'failed' }, part],
		});
	});

	it('is 0 for a result that is reused, and hints say which files were', async () => {
		const file = await world.fileItem(Buffer.alloc(2_000, 1), 'a.bin', 'application/zip');
		const checksum = (note: string) =>
			runModel('sandbox/checksum', {
				inputJson: JSON.stringify({ file: 'data', note }),
				options: {
					reuse: 'sameInput',
					fileRouting: 'upload',
					prices: { values: [{ unit: 'prediction', price: 0.25 }] },
				},
			});
		const costOf = ({ items: [item] }: Result) => item!.json.cost;
		const first = await world.run({ parameters: checksum('a') }, [file]);
		expect(costOf(first)).toMatchObject({ usd: 0.25 });
		const again = await world.run({ parameters: checksum('a') }, [file]);
		expect(again.items[0]!.json.reused).toBe(true);
		expect(costOf(again)).toEqual({ usd: 0, parts: [] });
		const other = await world.run({ parameters: checksum('b') }, [file]);
		expect(costOf(other)).toMatchObject({ usd: 0.25 });
		expect(hintsOf(other)).toContain('1 file that Replicate still stores was not uploaded again.');
	});

	it('is in the first of several items of one prediction, so that a sum is right', async () => {
		const { items: results } = await world.run(
			{
				parameters: runModel(FLUX, {
					inputJson: '{"prompt":"a","num_outputs":3}',
					options: { ...priced({ unit: 'image', price: 0.003 }), outputItems: 'perFile' },
				}),
			},
			items(1),
		);
		expect(results.map(({ json }) => (json.cost as IDataObject | undefined)?.usd)).toEqual([
			0.009,
			undefined,
			undefined,
		]);
	});

	it.each<[string, unknown, string]>([
		[
			'a price that is none',
			{ values: [{ unit: 'second', price: 'abc' }] },
			'Prices, row 1: Price (USD) must be a number from 0 to 1000, and is "abc"',
		],
		[
			'a price that was forgotten',
			{ values: [{ unit: 'image', price: 0 }] },
			'Prices, row 1 has no price',
		],
		[
			'a metric without a name',
			{ values: [{ unit: 'metric', price: 1 }] },
			'Prices, row 1 has no metric',
		],
		[
			'two prices for one',
			{
				values: [
					{ unit: 'image', price: 1 },
					{ unit: 'image', price: 2 },
				],
			},
			'has two prices per image',
		],
		['a row that is none', { values: '={{ 5 }}' }, 'Prices, row 1 has no price'],
	])('refuses %s before anything is paid for', async (_what, prices, message) => {
		const before = world.sandbox.predictions.all.length;
		const { error } = await world.run(
			{ parameters: slow({ prices } as INodeParameters) },
			items(1),
		);
		expect(error!.message).toContain(message);
		expect(world.sandbox.predictions.all.length).toBe(before);
	});

	it('is not what a model makes up', async () => {
		const shown = (...all: Array<Record<string, number>>) => {
			const ledger = new Ledger(
				Ledger.begin(undefined, { runIndex: 0, execution: '1', owner: 'o' }),
			);
			for (const [item, metrics] of all.entries()) {
				const record = ledger.intend({
					key: `${item}`,
					item,
					fingerprint: 'f',
					kind: 'prediction',
				});
				record.intended(0);
				record.is({ id: `${item}`, status: 'succeeded', metrics } as Prediction);
			}
			return usageText(ledger, () => [{ unit: 'second', metric: '', usd: 0.5 }]);
		};
		expect(shown({ predict_time: 1e308 }, { predict_time: 1e308 }, { predict_time: 2 })).toBe(
			'3 predictions used 2 s of prediction time; cost at least $1.00 (2 said nothing of what they used); not counted, because it cannot be true: what 2 of them reported',
		);
		expect(shown({ image_count: 1e308, predict_time: 1 }, { predict_time: 86_400 })).toBe(
			'2 predictions used 86,401 s of prediction time; cost at least $43,200.50; not counted, because it cannot be true: what 1 of them reported',
		);
	});

	it('says what fallbacks, reuse and the time limit did to it', async () => {
		const fallback = await world.run(
			{
				parameters: runModel('sandbox/fail', {
					inputJson: '={{ { message: "Temporarily unavailable (E004)", label: $json.n } }}',
					options: {
						fallbackModels: { values: [{ model: 'sandbox/slow', inputJson: '{"seconds":0}' }] },
					},
				}),
			},
			items(2),
		);
		expect(hintsOf(fallback)).toContain(
			'sandbox/fail was not available (E004). sandbox/slow made 2 of 2 results.',
		);
		const reusing = runModel('sandbox/slow', {
			inputJson: '={{ { seconds: 0, label: "again " + $json.n } }}',
			options: { reuse: 'sameInput' },
		});
		await world.run({ parameters: reusing }, items(2));
		const reused = await world.run({ parameters: reusing }, items(3));
		expect(hintsOf(reused)).toContain('2 of 3 results reused; 1 prediction was created.');
		const late = async (onTimeout: string) =>
			hintsOf(
				await world.run(
					{
						parameters: runModel('sandbox/slow', {
							inputJson: `{"seconds":30,"label":"${onTimeout}"}`,
							options: { timeout: 1, onTimeout },
						}),
						onError: 'continueRegularOutput',
					},
					items(1),
				),
			).join();
		expect(await late('leave')).toMatch(
			/Left running, and to be paid for; .*: 1 prediction: \w+\./,
		);
		expect(await late('cancel')).toMatch(
			/Cancelled, and billed for the time until then: 1 prediction: \w+\./,
		);
	});
});
