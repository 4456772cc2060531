import type { IDataObject } from 'n8n-workflow';
import { InputError } from '../../../nodes/shared/api/errors';
import { readSuspension, suspend, type Suspension } from '../../../nodes/jobs/callback/suspension';
import { AWAITED, FakeN8n } from './fakeN8n';

jest.mock('../../../transports/edition', () => ({
	openTransport: (helpers: { transport: unknown }) => helpers.transport,
}));

/** What was fetched before the suspension, as it is kept. */
const early = (results: IDataObject) => ({ format: 1, results });
/** The time of these tests, in ms. */
const NOW = Date.parse('2026-01-01T12:00:00Z');
const MINUTE = 60_000;
/** Until Replicate has cancelled for certain, and has called back, in minutes: 44 s and 75 s. */
const CALLED = 119 / 60;
const error = new InputError('No such model', { code: 'notAModel', given: 'x' });
const failed = { error: expect.stringContaining('No such model') as string };

describe('a run whose items wait for callbacks', () => {
	beforeEach(() => {
		jest.spyOn(Date, 'now').mockReturnValue(NOW);
		jest.spyOn(performance, 'now').mockReturnValue(NOW - performance.timeOrigin);
	});
	afterEach(() => jest.restoreAllMocks());

	const created = (age = 0) => ({ createdAt: new Date(NOW - age).toISOString() });
	const outcomes = (count: number) => Array.from({ length: count }, () => ({ results: [] }));

	it('is suspended, with what a callback needs, and the ids for n8n’s timer', async () => {
		const n8n = new FakeN8n(2);
		const jobs = await n8n.run([created(), created()], { 0: {}, 1: {} });
		const output = await suspend(jobs, outcomes(2));
		const suspended = { items: [{ output: AWAITED.output }, { output: AWAITED.output }] };
		expect(readSuspension(n8n.memory.suspended)).toEqual({
			format: 1,
			...suspended,
			ledger: n8n.memory.ledger,
			until: n8n.waitsTill!.getTime(),
		});
		const passedOn = [0, 1].map((row) => ({
			json: { row, predictionId: `p${row}` },
			binary: n8n.inputs[row]!.binary,
		}));
		expect(output).toEqual(passedOn);
		expect(n8n.inputs).toEqual(passedOn);
		// n8n empties the array that it is given.
		expect(output).not.toBe(n8n.inputs);
		expect(n8n.waitsTill).toEqual(new Date(NOW + (10 + CALLED) * MINUTE));
	});

	it.each([
		[{ format: 2, results: { p0: { result: { json: {} } } } }],
		[{ p0: { result: { json: { output: 'a' } } } }],
		[early({ p0: {} })],
		[early({ p0: 'x' })],
		[early({ p0: { result: null } })],
		[early({ p0: { result: {} } })],
		[{ format: 1, results: [] }],
		[[]],
		['x'],
	] as IDataObject[][])('takes nothing for a result that is none: %j', async (kept) => {
		const n8n = new FakeN8n(1);
		n8n.memory.early = kept!;
		const jobs = await n8n.run([created()], { 0: {} });
		await suspend(jobs, [{ results: [] }]);
		expect(jobs.ledger.entries.map(({ outcome }) => outcome)).toEqual([undefined]);
		expect(n8n.waitsTill).toBeDefined();
		expect(readSuspension(n8n.memory.suspended)).toBeDefined();
	});

	it('ends at once where all have their results already', async () => {
		const n8n = new FakeN8n(2);
		n8n.memory.early = early({ p0: { result: { json: { output: 'a' } } } });
		const jobs = await n8n.run([created(), created()], { 0: {}, 1: {} });
		const output = await suspend(jobs, [{ results: [] }, { error }]);
		expect(output).toEqual([
			{ json: { output: 'a' }, pairedItem: { item: 0 } },
			{ json: expect.objectContaining(failed) as object, pairedItem: { item: 1 } },
		]);
		expect(jobs.ledger.entries.map(({ outcome }) => outcome)).toEqual(['collected', undefined]);
		expect(n8n.waitsTill).toBeUndefined();
		expect(n8n.memory).not.toHaveProperty('suspended');
	});

	it.each([
		[undefined, { row: 1, ...failed, predictionError: failed.error }],
		['continueRegularOutput', { row: 1, ...failed, predictionError: failed.error }],
		['continueErrorOutput', failed],
	] as const)('says after the timer why an item has none, on error: %s', async (onError, json) => {
		const n8n = new FakeN8n(3);
		n8n.node.onError = onError;
		n8n.memory.early = early({ p2: { result: { json: { output: 'c' } } } });
		const entries = [created(), { ...created(), id: undefined }, created()];
		const jobs = await n8n.run(entries, { 0: {}, 2: {} });
		const output = await suspend(jobs, [{ results: [] }, { error }, { results: [] }]);
		expect(output.map((item) => item.json)).toEqual([
			{ row: 0, predictionId: 'p0' },
			{ row: 1 },
			{ row: 2, predictionId: 'p2' },
		]);
		const [first, second, third] = n8n.inputs;
		expect(first!.json).toEqual({ row: 0, predictionId: 'p0' });
		expect(second!.json).toEqual(
			'row' in json ? expect.objectContaining(json) : { ...json, message: expect.anything() },
		);
		expect(third).toEqual({ json: { output: 'c' }, pairedItem: { item: 2 } });
		const [, kept, result] = (readSuspension(n8n.memory.suspended) as Suspension).items;
		expect(kept).toEqual({ error: expect.objectContaining(failed) as object });
		expect(result).toEqual({ result: { json: { output: 'c' } } });
		// From here on it is in the suspension.
		expect(n8n.memory).not.toHaveProperty('early');
	});

	it('names uploads that stay when the end is not seen', async () => {
		const n8n = new FakeN8n(2);
		const entries = [
			{ ...created(), uploadIds: ['f1', 'f2'] },
			{ ...created(), uploadIds: [] },
		];
		const jobs = await n8n.run(entries, { 0: {}, 1: {} });
		const [first, second] = await suspend(jobs, outcomes(2));
		expect(first!.json.warnings).toEqual([expect.stringContaining('f1, f2. They expire after 24')]);
		expect(n8n.inputs[0]!.json.warnings).toEqual(first!.json.warnings);
		expect(second!.json).not.toHaveProperty('warnings');
	});

	it.each([
		['one that is left running', [0], [{ timeoutSeconds: 600, onTimeout: 'leave' }], 10],
		['one that Replicate cancels', [0], [{ timeoutSeconds: 600 }], 10 + CALLED],
		[
			'the longest of several',
			[0, 0],
			[{ timeoutSeconds: 600 }, { timeoutSeconds: 1_200 }],
			20 + CALLED,
		],
		['one alone, past the hour', [0], [{ timeoutSeconds: 7_200 }], 120 + CALLED],
		['several, whose first result would expire', [20, 0], [{ timeoutSeconds: 7_200 }, {}], 30],
		['several, of which one is about to', [51, 0], [{ timeoutSeconds: 7_200 }, {}], 1],
	] as const)('waits as long as it must: %s', async (_what, ages, awaited, minutes) => {
		const n8n = new FakeN8n(ages.length);
		const entries = ages.map((age) => created(age * MINUTE));
		const jobs = await n8n.run(entries, { ...awaited });
		await suspend(jobs, outcomes(ages.length));
		expect(n8n.waitsTill).toEqual(new Date(NOW + minutes * MINUTE));
	});

	it('does not go on early for trainings, whose results stay', async () => {
		const n8n = new FakeN8n(2);
		const training = { ...created(50 * MINUTE), kind: 'training' } as const;
		const long = { timeoutSeconds: 7_200 };
		const jobs = await n8n.run([training, training], { 0: long, 1: long });
		await suspend(jobs, outcomes(2));
		expect(n8n.waitsTill).toEqual(new Date(NOW + (120 + CALLED) * MINUTE));
	});
});

describe('what n8n keeps of a suspension', () => {
	it('may be nothing', () => {
		expect(readSuspension(undefined)).toBeUndefined();
	});
});
