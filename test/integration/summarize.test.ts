import type { INodeParameters } from 'n8n-workflow';
import { models } from '../../dev/sandbox/models';
import { NODE, runModel, startWorld, type Result, type World } from './world';

describe('Prediction → Summarize', () => {
	let world: World;
	beforeEach(async () => {
		world = await startWorld('filesystem', {
			tokens: { r8_sandbox: 'sandbox', r8_somebody: 'somebody' },
		});
	});
	afterEach(async () => await world.stop());

	const summarize = async (more: INodeParameters = {}) =>
		await world.run({
			parameters: { resource: 'prediction', operation: 'summarize', ...more },
		});
	const good = async (more?: INodeParameters) => {
		const result = await summarize(more);
		expect(result.error).toBeUndefined();
		return result;
	};
	const run = async (model: string, inputJson: string) =>
		await world.run({
			parameters: runModel(model, { inputJson }),
			onError: 'continueRegularOutput',
		});
	const hintsOf = ({ run: { data } }: Result) =>
		(data.resultData.runData[NODE]![0]!.hints ?? []).map(({ message }) => message);
	const priced = (...values: object[]) => ({ prices: { values } }) as unknown as INodeParameters;
	const modelNamed = (wanted: string) => models.find(({ name }) => name === wanted)!;
	/** What was created long before. */
	const older = (count: number, model: string, from: string, until: string, owner = 'sandbox') =>
		world.sandbox.predictions.addEnded(count, {
			owner,
			model: modelNamed(model),
			input: {},
			from: Date.parse(from),
			until: Date.parse(until),
		});

	it('sums by model what was created in the last week, with the cost by the prices of each model', async () => {
		for (let n = 0; n < 3; n++) await run('google/nano-banana', '{"prompt":"a fox"}');
		await run('sandbox/tokens', '{"prompt":"a"}');
		await run('sandbox/fail', '{}');
		const long = new Date(Date.now() - 8 * 86_400_000).toISOString();
		older(5, 'tokens', long, long);
		const { items } = await good({
			options: priced(
				{ model: 'google/nano-banana', unit: 'image', price: 0.039 },
				{ unit: 'prediction', price: 0.000_001 },
			),
		});
		expect(items.map(({ json }) => json)).toEqual([
			{
				model: 'google/nano-banana',
				predictions: 3,
				statuses: { succeeded: 3 },
				predictSeconds: expect.any(Number),
				metrics: { image_count: 3 },
				cost: { usd: 0.117 },
				from: expect.stringMatching(/Z$/),
				to: expect.stringMatching(/Z$/),
			},
			expect.objectContaining({
				model: 'sandbox/fail',
				statuses: { failed: 1 },
				cost: { usd: 0.000_001 },
			}),
			expect.objectContaining({ model: 'sandbox/tokens', predictions: 1 }),
		]);
		expect(world.sandbox.predictions.all).toHaveLength(10);
	});

	it('is the sum of the items’ own costs', async () => {
		const prices = priced({ unit: 'second', price: 0.123_457 });
		let sum = 0;
		for (const label of ['a', 'b', 'c']) {
			const { items } = await world.run({
				parameters: runModel('sandbox/slow', {
					inputJson: JSON.stringify({ seconds: 0, label }),
					options: prices,
				}),
			});
			sum += (items[0]!.json.cost as { usd: number }).usd * 1e6;
		}
		const { items } = await good({ options: prices });
		expect((items[0]!.json.cost as { usd: number }).usd).toBe(Math.round(sum) / 1e6);
	});

	it('groups by day, model and status, and by nothing at all', async () => {
		older(2, 'tokens', '2026-01-30T10:00:00Z', '2026-01-30T11:00:00Z');
		older(1, 'slow', '2026-01-31T10:00:00Z', '2026-01-31T10:00:00Z');
		older(4, 'slow', '2026-01-31T10:00:00Z', '2026-01-31T10:00:00Z', 'somebody');
		const period = { period: 'custom', from: '2026-01-01', to: '2026-02-01' };
		const all = await good({ ...period, groupBy: ['status', 'model', 'day'] });
		expect(
			all.items.map(({ json }) => [json.day, json.model, json.status, json.predictions]),
		).toEqual([
			['2026-01-30', 'sandbox/tokens', 'succeeded', 2],
			['2026-01-31', 'sandbox/slow', 'succeeded', 1],
		]);
		const none = await good({ ...period, groupBy: [] });
		expect(none.items.map(({ json }) => json.predictions)).toEqual([3]);
		expect(none.items[0]!.json).not.toHaveProperty('model');
	});

	it('has the bounds of its period: from is within, to is not', async () => {
		for (const time of ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'])
			older(1, 'slow', time, time);
		const { items } = await good({
			period: 'custom',
			from: '2026-01-01T00:00:00Z',
			to: '={{ "2026-02-01T00:00:00Z" }}',
		});
		expect(items.map(({ json }) => json.predictions)).toEqual([1]);
	});

	it('gives one item with all groups and a CSV file', async () => {
		older(3, 'tokens', '2026-01-30T10:00:00Z', '2026-01-30T11:00:00Z');
		const { items } = await good({
			period: 'custom',
			from: '2026-01-01T00:00:00Z',
			to: '2026-02-01T00:00:00Z',
			output: 'file',
			binaryField: 'report',
		});
		expect(items).toHaveLength(1);
		const { json, binary } = items[0]!;
		expect(json).toMatchObject({ predictions: 3, groups: [{ model: 'sandbox/tokens' }] });
		expect(binary!.report).toMatchObject({
			fileName: 'replicate-2026-01-01-2026-02-01.csv',
			mimeType: 'text/csv',
		});
		expect((await world.engine.read(binary!.report!)).toString()).toBe(
			'model,predictions,succeeded,predict_seconds\r\nsandbox/tokens,3,3,0\r\n',
		);
	});

	it('gives no item for a period without predictions, and a file all the same', async () => {
		expect((await good()).items).toEqual([]);
		const { items } = await good({ output: 'file' });
		expect(items[0]!.json).toMatchObject({ predictions: 0, groups: [] });
		expect(items[0]!.binary!.data!.mimeType).toBe('text/csv');
	});

	it('reads page by page up to its bound, and says when there is more', async () => {
		older(350, 'tokens', '2026-01-30T10:00:00Z', '2026-01-30T11:00:00Z');
		const period = { period: 'custom', from: '2026-01-01T00:00:00Z' };
		const pages = () => world.sandbox.requests.length;
		const whole = await good(period);
		expect(whole.items[0]!.json).toMatchObject({ predictions: 350 });
		expect(whole.items[0]!.json).not.toHaveProperty('isPartial');
		expect(pages()).toBe(4);
		const part = await good({ ...period, options: { maxRead: 100 } });
		expect(part.items[0]!.json).toMatchObject({ predictions: 100, isPartial: true });
		expect(pages()).toBe(6);
		expect(hintsOf(part)).toEqual([
			'The period has more than 100 predictions, and only the newest of them were summed. Raise Options → Max Predictions to Read, or choose a shorter period.',
		]);
		const exact = await good({ ...period, options: { maxRead: 350 } });
		expect(exact.items[0]!.json).not.toHaveProperty('isPartial');
	});

	it.each<[string, INodeParameters, string]>([
		[
			'a time that is none',
			{ period: 'custom', from: 'soon' },
			'From must be a time, and is "soon"',
		],
		[
			'a period that ends before it begins',
			{ period: 'custom', from: '2026-02-01', to: '2026-01-01' },
			'From must be earlier than To',
		],
		['a group that there is not', { groupBy: ['color'] }, 'Group By must be a list of'],
		[
			'a bound of none',
			{ options: { maxRead: 0 } },
			'Max Predictions to Read must be a whole number',
		],
		[
			'two prices of one model per unit',
			{
				options: priced(
					{ model: 'a/b', unit: 'image', price: 1 },
					{ model: 'a/b', unit: 'image', price: 2 },
				),
			},
			'two prices per image',
		],
		[
			'a row without a price, by its number',
			{
				options: priced({ model: 'a/b', unit: 'image', price: 1 }, { model: 'c/d', unit: 'image' }),
			},
			'row 2 has no price',
		],
	])('refuses %s before it reads anything', async (_what, more, words) => {
		const { error } = await summarize(more);
		expect(error?.message).toContain(words);
		expect(world.sandbox.requests).toEqual([]);
	});
});
