import { wordsOf } from '../../../nodes/fields/advice';
import { Ledger } from '../../../nodes/jobs/ledger/ledger';
import { errorFromNetwork } from '../../../nodes/shared/api/networkError';
import { errorFromResponse } from '../../../nodes/shared/api/responseError';
import type { CreateLimits } from '../../../nodes/shared/predictions/api';
import { createPrediction, type CreateOptions } from '../../../nodes/shared/predictions/create';
import type { RecordedJob } from '../../../nodes/shared/predictions/record';
import type { InputObject } from '../../../nodes/shared/api/json';
import { execute, MODEL, play } from './executions';
import { FakeReplicate } from './fakeReplicate';
import { VirtualTime } from './virtualTime';

/** What a test sets for its create. */
type Options = Partial<CreateOptions & RecordedJob>;

function setUp(more: Options = {}) {
	const fake = new FakeReplicate(new VirtualTime(), { runMs: 10 });
	const api = fake.api('we');
	const ledger = new Ledger(Ledger.begin(undefined, { runIndex: 0, execution: 'x', owner: 'we' }));
	const record = ledger.intend({ key: 'k', item: 0, fingerprint: 'f', kind: 'prediction' });
	const request = { target: MODEL, input: { prompt: 'x' } };
	const create = async () => {
		const job: RecordedJob = {
			api,
			kind: MODEL.kind,
			record,
			deadline: fake.time.now() + 60_000,
			onTimeout: 'cancel',
			onStop: () => 'cancel',
			...more,
		};
		const creating = createPrediction(job, request, { holdSeconds: 60, ...more }).catch(
			(error: Error) => error,
		);
		await fake.time.run();
		return await creating;
	};
	return { fake, api, ledger, create, request };
}

describe('a create', () => {
	it.each<[Options, Partial<CreateLimits>]>([
		[{ holdSeconds: 61 }, { holdSeconds: 60 }],
		[{ holdSeconds: 1.9 }, { holdSeconds: 1 }],
		[{ holdSeconds: 0 }, { holdSeconds: 0 }],
		[{}, { cancelAfterSeconds: undefined }],
		[{ deadline: 1_000_000_900_000 }, { until: 1_000_000_910_000 }],
	])('with %j is sent with %j', async (more, limits) => {
		const { api, create } = setUp(more);
		const sent: CreateLimits[] = [];
		api.create = async (_request, given) => {
			sent.push(given);
			return await Promise.resolve({ id: 'a', status: 'succeeded' });
		};
		await create();
		expect(sent).toEqual([expect.objectContaining(limits)]);
	});

	it.each([
		[10.2, 26, 55],
		[-100, 5, 34],
		[86_400, 86_371, 86_400],
	])('of %d s is limited by a time of its own', async (timeoutSeconds, min, max) => {
		const sent = new Set<number>();
		for (let create = 0; create < 400; create++) {
			const world = setUp({ timeoutSeconds });
			world.api.create = async (_request, { cancelAfterSeconds }) => {
				sent.add(cancelAfterSeconds!);
				expect(world.ledger.of(0)).toMatchObject({ cancelAfterSeconds });
				expect(world.api.claims.openCreate('k')).toMatchObject({ cancelAfterSeconds });
				return await Promise.resolve({ id: 'a', status: 'succeeded' });
			};
			await world.create();
		}
		expect([Math.min(...sent), Math.max(...sent), sent.size]).toEqual([min, max, 30]);
	});

	it.each<[string, InputObject, number]>([
		['a file inside the request', { image: 'data:image/png;base64,AAAA' }, 5],
		['a list with one', { images: ['https://a.example/b.png', 'data:,x'] }, 5],
		['nothing', {}, 5],
		['what the list shows', { prompt: 'x' }, 60],
	])('with %s is held no longer than a stop may wait', async (_what, input, holdSeconds) => {
		const { api, create, request } = setUp({ holdSeconds: 60 });
		const sent: CreateLimits[] = [];
		api.create = async (_request, given) => {
			sent.push(given);
			return await Promise.resolve({ id: 'a', status: 'succeeded' });
		};
		Object.assign(request, { input });
		await create();
		expect(sent).toEqual([expect.objectContaining({ holdSeconds })]);
	});

	it('does not blame a limit of Replicate’s where the time was over before', async () => {
		const { api, create } = setUp({ deadline: 0 });
		api.mayCreate = async () => await Promise.resolve(false);
		const error = (await create()) as Error;
		expect(error.message).toBe('The prediction could not be created within the time limit');
		expect(wordsOf(error).description).not.toContain('Nothing was created');
	});

	it('is claimed, and settled', async () => {
		const { fake, create, ledger } = setUp();
		const created = await create();
		const { id } = fake.runs[0]!;
		expect(created).toMatchObject({ id, status: 'succeeded' });
		expect(fake.claims.has(id)).toBe(true);
		expect(fake.claims.openCreate('k')).toBeUndefined();
		expect(ledger.of(0)).toMatchObject({ id, state: 'ended', from: 1_000_000_000_000 });
	});

	it('is sent again after a 429, and held back with all others', async () => {
		const { fake, api, create } = setUp();
		const right = api.create;
		const hints: Array<number | undefined> = [];
		api.throttled = (hint) => hints.push(hint);
		let tries = 0;
		api.create = async (request, limits) => {
			tries += 1;
			if (tries < 3) throw errorFromResponse(429, { 'retry-after': '2' }, '');
			return await right(request, limits);
		};
		expect(await create()).toMatchObject({ status: 'succeeded' });
		expect([tries, hints, fake.runs.length]).toEqual([3, [2_000, 2_000], 1]);
	});

	it('that never left is sent again, a few times, and asks the gate each time', async () => {
		const { fake, api, create, ledger } = setUp();
		const right = api.create;
		const mayCreate = jest.spyOn(api, 'mayCreate');
		const unreachable = errorFromNetwork('https://a.example', 'ECONNREFUSED', false);
		let tries = 0;
		api.create = async (request, limits) => {
			tries += 1;
			if (tries < 4) throw unreachable;
			return await right(request, limits);
		};
		expect(await create()).toMatchObject({ status: 'succeeded' });
		expect([tries, mayCreate.mock.calls.length, fake.runs.length]).toEqual([4, 4, 1]);
		api.create = async () => await Promise.reject(unreachable);
		expect(await create()).toBe(unreachable);
		expect(mayCreate).toHaveBeenCalledTimes(4 + 6);
		expect(ledger.entries).toEqual([]);
	});

	it('is not sent again after a 429 that asks for longer than there is time', async () => {
		const { fake, api, create, ledger } = setUp();
		const throttled = errorFromResponse(429, { 'retry-after': '61' }, '');
		let tries = 0;
		api.create = async () => {
			tries += 1;
			return await Promise.reject(throttled);
		};
		expect(await create()).toBe(throttled);
		expect([tries, ledger.entries, fake.claims.openCreate('k')]).toEqual([1, [], undefined]);
	});

	it('waits no longer for its turn than it has time', async () => {
		const { api, create, ledger } = setUp();
		api.mayCreate = async () => await Promise.resolve(false);
		expect(await create()).toMatchObject({ facts: { code: 'createTimedOut' } });
		const late = setUp({ deadline: 0 });
		expect(await late.create()).toMatchObject({ facts: { code: 'createTimedOut' } });
		expect([ledger.entries, late.fake.creates]).toEqual([[], []]);
	});

	it.each([400, 401, 402, 404, 409, 422])(
		'that is refused with %i is not looked for',
		async (status) => {
			const { api, create, ledger, fake } = setUp();
			const refused = errorFromResponse(status, {}, '');
			api.create = async () => await Promise.reject(refused);
			api.list = async () => await Promise.reject(new Error('looked for'));
			expect(await create()).toBe(refused);
			expect([ledger.entries, fake.claims.openCreate('k')]).toEqual([[], undefined]);
		},
	);

	it.each([
		errorFromResponse(408, {}, ''),
		errorFromResponse(500, {}, ''),
		errorFromResponse(504, {}, ''),
		errorFromNetwork('https://a.example', 'ECONNRESET', true),
	])('may have been created after %s', async (failure) => {
		const { api, create, ledger, fake } = setUp();
		api.create = async () => await Promise.reject(failure);
		expect(await create()).toMatchObject({ facts: { code: 'createUnknown', ids: [] } });
		expect(ledger.of(0)).toMatchObject({ state: 'unknown', to: expect.any(Number) });
		expect(fake.claims.openCreate('k')).toMatchObject({ state: 'unknown' });
	});

	it.each([
		errorFromNetwork('https://a.example', 'ECONNREFUSED', false),
		new Error('a fault of ours'),
	])('was not created after %s', async (failure) => {
		const { api, create, ledger } = setUp();
		api.create = async () => await Promise.reject(failure);
		expect(await create()).toBe(failure);
		expect(ledger.entries).toEqual([]);
	});

	it('that is stopped says so where it was refused, and sends nothing where it was not sent', async () => {
		const stop = new AbortController();
		const { api, create, ledger } = setUp({ signal: stop.signal });
		api.create = async () => {
			stop.abort();
			return await Promise.reject(errorFromResponse(422, {}, ''));
		};
		expect(await create()).toMatchObject({ facts: { code: 'stopped' } });
		expect(ledger.entries).toEqual([]);
		const before = setUp({ signal: stop.signal });
		expect(await before.create()).toMatchObject({ facts: { code: 'stopped' } });
		expect(before.fake.creates).toEqual([]);
	});

	it.each([
		['ends meanwhile', 500, {}, 'had ended before (succeeded)', 'succeeded'],
		['is still running', 60_000, {}, 'was cancelled', 'canceled'],
		[
			'does not follow',
			90_000,
			{ cancels: Array(99).fill('unavailable') },
			'may still be running',
			'processing',
		],
	] as const)('that is stopped and %s says so', async (_what, runMs, more, words, status) => {
		const { fake, all } = await play(
			{ runMs, listLateMs: 1_000 },
			{
				name: 'we',
				begins: 0,
				create: { arrives: 10 },
				stops: 450,
				...more,
				cancels: [...('cancels' in more ? more.cancels : [])],
			},
		);
		expect(all[0]!.error!.message).toContain(`prediction ${fake.runs[0]!.id} ${words}`);
		expect(all[0]!.ledger.of(0)).toMatchObject({ status });
	});

	it('that is stopped while it is held is cancelled before its response comes', async () => {
		const fake = new FakeReplicate(new VirtualTime(), { runMs: 50_000, listLateMs: 2_000 });
		const began = fake.time.now();
		const ending = execute(fake, { name: 'we', begins: 0, create: { arrives: 10 }, stops: 500 });
		await fake.time.run();
		expect((await ending).error!.message).toContain('was cancelled');
		expect(fake.runs[0]!.canceledAt! - began).toBeLessThan(4_000);
	});

	it('that is stopped for the next try is left running', async () => {
		const stop = new AbortController();
		const { fake, create, ledger } = setUp({ signal: stop.signal, onStop: () => 'leave' });
		fake.behaviour = { runMs: 90_000 };
		void fake.time.sleep(500).then(() => stop.abort());
		const error = await create();
		expect((error as Error).message).toMatch(/is still running$/);
		expect(ledger.of(0)).toMatchObject({ state: 'created', outcome: 'leftForRetry' });
		expect(fake.cancels).toEqual([]);
	});
});
