import { Ledger } from '../../../nodes/jobs/ledger/ledger';
import type { Entry } from '../../../nodes/jobs/ledger/ledgerState';
import { errorFromResponse } from '../../../nodes/shared/api/responseError';
import { PREDICTION } from '../../../nodes/shared/models/jobKind';
import { inputDigest, listable } from '../../../nodes/shared/predictions/find';
import { takeUp } from '../../../nodes/shared/predictions/takeUp';
import { MODEL } from './executions';
import { FakeReplicate, type Behaviour } from './fakeReplicate';
import { VirtualTime } from './virtualTime';

const INPUT = { prompt: 'equal' };
const MINUTE = 60_000;

/** One earlier try, and what the next one finds. */
function setUp(behaviour: Behaviour = {}) {
	const fake = new FakeReplicate(new VirtualTime(), behaviour);
	const api = fake.api('we');
	const ledger = new Ledger(Ledger.begin(undefined, { runIndex: 0, execution: 'x', owner: 'we' }));
	const record = ledger.intend({
		key: 'k',
		item: 0,
		fingerprint: 'f',
		kind: 'prediction',
		inputDigest: inputDigest(INPUT),
	});
	record.intended(fake.time.now());
	const entry = ledger.of(0)!;
	const take = async (earlier: Partial<Entry> = {}, signal?: AbortSignal) => {
		const taking = takeUp(
			{
				api,
				kind: PREDICTION,
				record: ledger.resume(Object.assign(entry, earlier)),
				deadline: Infinity,
				onTimeout: 'cancel',
				onStop: () => 'cancel',
				signal,
			},
			MODEL,
			entry,
		).catch((error: Error) => error);
		await fake.time.run();
		return await taking;
	};
	/** The response of this create was lost now, in this process. */
	const lose = (key = 'k', owner = 'we', input: object = INPUT) => {
		const now = fake.time.now();
		fake.claims.opened(key, {
			target: MODEL,
			shown: listable(input as never),
			digest: inputDigest(input as never),
			owner,
			state: 'sent',
			from: now,
		});
		fake.claims.lost(key, now);
		fake.claims.unknown(key);
		record.lost(now, []);
	};
	const after = async (ms: number) => {
		const slept = fake.time.sleep(ms);
		await fake.time.run();
		await slept;
	};
	const request = { target: MODEL, input: INPUT };
	return { fake, api, ledger, entry, take, lose, after, request };
}

describe('what an earlier try has created', () => {
	it.each(['failed', 'canceled', 'aborted'])('is created again when it %s', async (status) => {
		const { take } = setUp();
		expect(await take({ state: 'ended', id: 'none', status })).toBeUndefined();
	});

	it.each([
		['runs', 10_000, 'processing'],
		['has succeeded', 0, 'succeeded'],
	])('is taken up when it %s', async (_what, runMs, status) => {
		const { fake, take, request, ledger } = setUp({ runMs });
		const { id } = fake.arrived('we', request);
		expect(await take({ state: 'created', id })).toMatchObject({ id, status });
		expect(ledger.of(0)).toMatchObject({ id, status });
		expect(await take({ state: 'ended', id, status: 'succeeded' })).toMatchObject({ id });
	});

	it('is created again when it failed meanwhile', async () => {
		const { fake, take, request, ledger } = setUp({ runMs: 0, endsAs: 'failed' });
		const { id } = fake.arrived('we', request);
		expect(await take({ state: 'created', id })).toBeUndefined();
		expect(ledger.of(0)).toMatchObject({ state: 'ended', status: 'failed' });
	});

	it('is created again when Replicate has removed its result', async () => {
		const { fake, take, request } = setUp({ runMs: 0 });
		const run = fake.arrived('we', request);
		run.removed = true;
		expect(await take({ state: 'ended', id: run.id, status: 'succeeded' })).toBeUndefined();
	});

	it('is waited for while Replicate does not know it yet', async () => {
		const { fake, take, request } = setUp({ getLateMs: 1_500 });
		const { id } = fake.arrived('we', request);
		expect(await take({ state: 'created', id })).toMatchObject({ id });
	});

	it('is not created again when it cannot be read', async () => {
		const { fake, take, request, api, entry } = setUp({ getLateMs: 10_000 });
		const { id } = fake.arrived('we', request);
		expect(await take({ state: 'created', id, status: 'starting' })).toMatchObject({
			facts: { code: 'runUnreadable', id },
			details: { predictionId: id, status: 'starting' },
		});
		expect(entry.outcome).toBe('leftRunning');
		api.read = async () => await Promise.reject(errorFromResponse(503, {}, ''));
		const began = fake.time.now();
		expect(await take({ state: 'created', id })).toMatchObject({
			facts: { code: 'runUnreadable' },
		});
		expect(fake.time.now()).toBe(began);
	});

	it('is created again where the account does not have it, and it is long ago', async () => {
		const { take, after } = setUp();
		await after(5 * MINUTE + 1);
		expect(await take({ state: 'created', id: 'of another account' })).toBeUndefined();
	});

	it('ends at once when the workflow is stopped', async () => {
		const { take, api, entry } = setUp();
		const stop = new AbortController();
		const stopped = new Error('stopped');
		api.read = async () => {
			stop.abort();
			return await Promise.reject(stopped);
		};
		expect(await take({ state: 'created', id: 'a' }, stop.signal)).toBe(stopped);
		expect(entry.outcome).toBeUndefined();
	});
});

describe('what an earlier try has lost', () => {
	it('is found in the list, and is its own from then on', async () => {
		const { fake, take, lose, request, ledger } = setUp();
		const { id } = fake.arrived('we', request);
		lose();
		fake.runs[0]!.deadline = new Date(fake.time.now() + 75_000).toISOString();
		expect(await take({ cancelAfterSeconds: 75 })).toMatchObject({ id });
		expect(ledger.of(0)).toMatchObject({ id, state: 'created' });
		expect(fake.claims.has(id)).toBe(true);
		expect(fake.claims.openCreate('k')).toBeUndefined();
	});

	it.each([
		['another process has sent it', { isElsewhere: true }],
		['there are two', { count: 2 }],
		['an equal create of another run was lost as well', { rival: true }],
		['it came very late', { lateMs: MINUTE }],
		['it has another limit than was sent', { deadline: '2100-01-01T00:00:00Z' }],
		['the list does not show its input', { listedInput: 'none' as const }],
		['the list shows no input', { listedInput: 'missing' as const }],
		['its input cannot be compared', { hasNoDigest: true }],
	])('is named and not taken when %s', async (_what, how) => {
		const {
			count = 1,
			lateMs = 0,
			isElsewhere,
			rival,
			hasNoDigest,
			listedInput,
			deadline,
		} = {
			...({} as { count?: number; lateMs?: number; isElsewhere?: boolean; rival?: boolean }),
			...({} as { hasNoDigest?: boolean; listedInput?: 'none' | 'missing'; deadline?: string }),
			...how,
		};
		const { fake, take, lose, after, request } = setUp({ listedInput });
		if (isElsewhere) {
			lose();
			fake.claims.settled('k');
		} else lose();
		if (rival) lose('other', 'they');
		await after(lateMs);
		for (let n = 0; n < count; n++) Object.assign(fake.arrived('we', request), { deadline });
		const ids = fake.runs.map(({ id }) => id);
		const taken = await take({
			cancelAfterSeconds: 75,
			...(hasNoDigest ? { inputDigest: undefined } : {}),
		});
		expect(taken).toMatchObject({ facts: { code: 'createUnknown', ids } });
		expect((taken as Error).message).toContain('the response of an earlier try was lost');
	});

	it.each([
		['has another input', { input: { prompt: 'other' } }],
		['runs another model', { target: { ...MODEL, version: 'acme/other' } }],
	])('is not what %s', async (_what, other) => {
		const { fake, take, lose, request } = setUp();
		lose();
		fake.arrived('they', { ...request, ...other });
		expect(await take()).toMatchObject({ facts: { code: 'createUnknown', ids: [] } });
	});

	it('is not what another execution has', async () => {
		const { fake, take, lose, request } = setUp();
		lose();
		fake.claims.claim(fake.arrived('they', request).id);
		expect(await take()).toMatchObject({ facts: { code: 'createUnknown', ids: [] } });
	});

	it('is created again when it is long ago, and nothing came of it', async () => {
		const { fake, take, lose, after, request, ledger } = setUp();
		lose();
		await after(5 * MINUTE - 100);
		expect(await take()).toMatchObject({ facts: { code: 'createUnknown' } });
		await after(200);
		expect(await take()).toBeUndefined();
		expect(fake.claims.openCreate('k')).toBeUndefined();
		expect(ledger.entries).toEqual([]);
		fake.arrived('we', request);
	});

	it('is looked for until now, where n8n died before its response', async () => {
		const { fake, take, request, after } = setUp();
		await after(2 * MINUTE);
		const { id } = fake.arrived('we', request);
		expect(await take()).toMatchObject({ facts: { code: 'createUnknown', ids: [id] } });
	});

	it('is still not known when the list cannot be read, which names what it may be', async () => {
		const { take, lose, api } = setUp();
		lose();
		const unavailable = errorFromResponse(503, {}, '');
		api.list = async () => await Promise.reject(unavailable);
		expect(await take({ state: 'unknown', possibleIds: ['p1'] })).toMatchObject({
			message: expect.stringContaining('not known whether the prediction was created') as string,
			facts: { code: 'createUnknown', ids: ['p1'] },
		});
	});
});
