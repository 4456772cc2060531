import { randomUUID } from 'node:crypto';
import type { Prediction } from '../../../nodes/shared/api/shapes';
import type { PredictionsApi } from '../../../nodes/shared/predictions/api';
import { KnownExecutions } from '../../../nodes/jobs/callback/awaitedJobs';
import type { CreatedEntry } from '../../../nodes/jobs/ledger/ledgerState';
import { responding } from '../predictions/fakeApi';
import { randomNumbers } from '../../randomNumbers';

const PAGE = 100;
const executions = new KnownExecutions();

/** An account with predictions of ours, and of others between them, that counts what it is asked. */
function account(count: number, foreign = 0) {
	const entries = Array.from({ length: count }, (_, n): CreatedEntry => ({
		key: String(n),
		execution: 'e',
		item: n,
		fingerprint: '',
		kind: 'prediction',
		state: 'created',
		from: n,
		id: `p${n}`,
	}));
	const ended = new Set<string>();
	const show = (id: string): Prediction =>
		ended.has(id)
			? { id, status: 'succeeded', output: 'x', completed_at: '2026-01-01T00:00:00Z' }
			: { id, status: 'processing' };
	const others = Array.from({ length: foreign }, (_, n) => ({
		id: `f${n}`,
		at: (n * count) / foreign,
	}));
	const rows = [...entries.map(({ id, from: at }) => ({ id, at })), ...others];
	rows.sort((one, other) => other.at - one.at);
	let reads = 0;
	const api: PredictionsApi = {
		...responding(show('p0')).api,
		async read(_kind, id) {
			reads += 1;
			return await Promise.resolve(show(id));
		},
		async list(_kind, from, to, { ids, maxPages = Infinity } = {}) {
			const window = rows.filter(({ at }) => at >= from && at <= to);
			const found: Prediction[] = [];
			for (let page = 0; page < maxPages && page * PAGE < window.length; page++) {
				reads += 1;
				const wanted = window
					.slice(page * PAGE, (page + 1) * PAGE)
					.filter(({ id }) => ids?.has(id));
				found.push(...wanted.map(({ id }) => show(id)));
				if (found.length >= (ids?.size ?? Infinity)) break;
			}
			return await Promise.resolve(found);
		},
	};
	return { api, entries, ended, show, reads: () => reads };
}

function shuffled<T>(all: T[], random: () => number): T[] {
	return all
		.map((one) => ({ one, at: random() }))
		.sort((one, other) => one.at - other.at)
		.map(({ one }) => one);
}

/**
 * Lets all predictions end, in a random order, with their callbacks in another: each a while after the
 * end, some lost, all twice. Returns whether the run went on with the last one, and not before.
 */
async function ends(
	count: number,
	{ foreign = 0, seed = 1, lost = 0, inOrder = false, processes = 1, restarts = false } = {},
) {
	const random = randomNumbers(seed);
	const { api, entries, ended, show, reads } = account(count, foreign);
	const order = inOrder ? entries : shuffled(entries, random);
	const calls = order
		.flatMap(({ id }, n) => {
			const isLost = n < count - 1 && random() < lost;
			const at = () => n + (inOrder ? 0 : random() * count);
			return isLost
				? []
				: [
						{ id, at: at() },
						{ id, at: at() },
					];
		})
		.sort((one, other) => one.at - other.at);
	const names = Array.from({ length: processes }, () => randomUUID());
	const handled = names.map(() => new Set<string>());
	let done = false;
	for (const [index, { id, at }] of calls.entries()) {
		// What has ended by now; the call's own prediction always has.
		while (ended.size <= at && ended.size < count) ended.add(order[ended.size]!.id);
		const process = Math.floor(random() * processes);
		if (restarts && index === Math.floor(calls.length / 2)) executions.forget(names[process]!);
		const known = executions.of(names[process]!);
		if (handled[process]!.has(id)) continue;
		handled[process]!.add(id);
		known.noteEnd(show(id));
		if (await known.isAnyRunning(api, entries)) continue;
		const read = await known.readAll(api, entries);
		done = [...read.values()].every(({ status }) => status === 'succeeded');
		expect(read.size).toBe(count);
		expect(ended.size).toBe(count);
		break;
	}
	for (const name of names) executions.forget(name);
	return { done, each: reads() / count };
}

describe('what callbacks cost', () => {
	// The largest count only once in each way: it costs seconds.
	it.each([
		[100, [1, 2, 3]],
		[1_000, [1, 2, 3]],
		[5_000, [1]],
	])('is at most 2.2 reads for each of %i predictions', async (count, seeds) => {
		for (const seed of seeds) {
			const { done, each } = await ends(count, { seed });
			expect(done).toBe(true);
			expect(each).toBeLessThanOrEqual(2.2);
		}
	});

	it.each([
		[100, [0.1, 0.5, 0.9]],
		[1_000, [0.1, 0.5, 0.9]],
		[5_000, [0.5]],
	])('is as little with lost callbacks, for %i', async (count, losses) => {
		for (const lost of losses) {
			const { done, each } = await ends(count, { lost });
			expect(done).toBe(true);
			expect(each).toBeLessThanOrEqual(2.2);
		}
	});

	it.each([100, 1_000, 5_000])(
		'is as little among 10,000 predictions of others, for %i',
		async (count) => {
			const { done, each } = await ends(count, { foreign: 10_000, lost: 0.2 });
			expect(done).toBe(true);
			expect(each).toBeLessThanOrEqual(2.2);
		},
	);

	it('is one read for each callback when predictions end in their order', async () => {
		const { done, each } = await ends(1_000, { inOrder: true });
		expect(done).toBe(true);
		expect(each).toBeLessThanOrEqual(1.02);
	});

	it('is little also after a restart, which forgets all', async () => {
		const { done, each } = await ends(1_000, { restarts: true, lost: 0.3 });
		expect(done).toBe(true);
		expect(each).toBeLessThanOrEqual(2.4);
	});

	it('grows by no more than the processes that share the callbacks', async () => {
		const { done, each } = await ends(1_000, { processes: 4 });
		expect(done).toBe(true);
		expect(each).toBeLessThanOrEqual(2.2 * 4);
	});
});

describe('what is known of awaited predictions', () => {
	it('says when the first of them ended', async () => {
		const { api, entries, ended, show } = account(3);
		const known = executions.of(randomUUID());
		expect(known.firstEnd(entries)).toBe(Infinity);
		ended.add('p2');
		expect(await known.isAnyRunning(api, entries)).toBe(true);
		expect(known.firstEnd(entries)).toBe(Date.parse('2026-01-01T00:00:00Z'));
		known.noteEnd({ ...show('p0'), completed_at: '2025-01-01T00:00:00Z' });
		expect(known.firstEnd(entries)).toBe(Date.parse('2025-01-01T00:00:00Z'));
		known.noteEnd({ ...show('p1'), completed_at: null });
		expect(known.firstEnd(entries)).toBe(Date.parse('2025-01-01T00:00:00Z'));
	});

	it('asks again for what a callback said too early', async () => {
		const { api, entries, show, reads } = account(1);
		const known = executions.of(randomUUID());
		known.noteEnd(show('p0'));
		expect(await known.isAnyRunning(api, entries)).toBe(false);
		known.forgetEnd('p0');
		expect(await known.isAnyRunning(api, entries)).toBe(true);
		expect(reads()).toBe(1);
	});

	it('reads singly what the list shows without its output, or as running', async () => {
		const { api, entries, ended, show } = account(2);
		for (const { id } of entries) ended.add(id);
		const singly: string[] = [];
		const behind: PredictionsApi = {
			...api,
			read: async (kind, id) => {
				singly.push(id);
				return await api.read(kind, id);
			},
			list: async () =>
				await Promise.resolve([
					{ ...show('p0'), output: null },
					{ id: 'p1', status: 'processing' },
				]),
		};
		const known = executions.of(randomUUID());
		known.noteEnd(show('p1'));
		const read = await known.readAll(behind, entries);
		expect([...read.values()].map(({ output }) => output)).toEqual(['x', 'x']);
		expect(singly.sort()).toEqual(['p0', 'p1']);
	});

	it('does not keep results that are too large to keep', async () => {
		const { api, entries, ended } = account(1);
		ended.add('p0');
		let reads = 0;
		const large: PredictionsApi = {
			...api,
			read: async (kind, id) => {
				reads += 1;
				return { ...(await api.read(kind, id)), output: 'x'.repeat(21_000_000) };
			},
		};
		const known = executions.of(randomUUID());
		expect(await known.isAnyRunning(large, entries)).toBe(false);
		await known.readAll(large, entries);
		expect(reads).toBe(2);
	});

	it('is kept for 200 executions', () => {
		const names = Array.from({ length: 201 }, () => randomUUID());
		for (const name of names) executions.of(name).take('call');
		expect(executions.of(names[200]!).hasTaken('call')).toBe(true);
		expect(executions.of(names[1]!).hasTaken('call')).toBe(true);
		expect(executions.of(names[0]!).hasTaken('call')).toBe(false);
		for (const name of names) executions.forget(name);
	});
});
