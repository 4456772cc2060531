/** @jest-environment ./test/integration/realProcess.ts */
import { StoppedError } from '../../../nodes/shared/api/errors';
import { sleep } from '../../../nodes/shared/api/sleep';
import { whenAborted } from '../../../nodes/shared/api/stop';
import { TimeLimit } from '../../../nodes/shared/api/timeLimit';

declare const realProcess: NodeJS.Process;

const limitOf = (limits: Partial<ConstructorParameters<typeof TimeLimit>[1]>) =>
	new TimeLimit(new URL('https://a.example'), { responseMs: 60_000, pauseMs: 60_000, ...limits });
const aborted = async ({ signal }: TimeLimit) => {
	const began = performance.now();
	await new Promise<void>((resolve) => whenAborted(signal, resolve));
	return { code: signal.reason.failure?.code, ms: performance.now() - began };
};

describe('TimeLimit', () => {
	it('ends a request to which nothing responds', async () => {
		const { code, ms } = await aborted(limitOf({ responseMs: 50 }));
		expect(code).toBe('TIME_UP');
		expect(ms).toBeGreaterThan(35);
	});

	it('ends a body that stalls, and none that moves', async () => {
		const limit = limitOf({ pauseMs: 200 });
		limit.responded();
		for (let chunk = 0; chunk < 8; chunk++) {
			await sleep(50);
			limit.moved();
		}
		expect(limit.signal.aborted).toBe(false);
		const { code, ms } = await aborted(limit);
		expect(code).toBe('STALLED');
		expect(ms).toBeGreaterThan(150);
	});

	it('ends in any case when the whole time is up', async () => {
		const limit = limitOf({ totalMs: 120, pauseMs: 100 });
		limit.responded();
		const moving = (async () => {
			while (!limit.signal.aborted) {
				await sleep(20);
				limit.moved();
			}
		})();
		expect((await aborted(limit)).code).toBe('TIME_UP');
		await moving;
	});

	it('ends a body that moves and takes too long, however long the request took', async () => {
		const limit = limitOf({ bodyMs: 100 });
		await sleep(150);
		limit.moved();
		limit.responded();
		expect(limit.signal.aborted).toBe(false);
		const dripping = (async () => {
			while (!limit.signal.aborted) {
				await sleep(20);
				limit.moved();
			}
		})();
		expect((await aborted(limit)).code).toBe('TIME_UP');
		await dripping;
	});

	it('follows the caller’s signal, also one that was aborted before', async () => {
		const stop = new AbortController();
		const limit = limitOf({ signal: stop.signal });
		stop.abort();
		expect(limit.signal.aborted).toBe(true);
		expect(limitOf({ signal: stop.signal }).signal.aborted).toBe(true);
	});

	it('ends nothing after its end', async () => {
		const stop = new AbortController();
		const limit = limitOf({ responseMs: 30, signal: stop.signal });
		limit.end();
		stop.abort();
		await sleep(60);
		expect(limit.signal.aborted).toBe(false);
	});
});

describe('a signal that many wait for', () => {
	it('gives no warning, and reaches all who still wait', async () => {
		const warnings: Error[] = [];
		const note = (warning: Error) => warnings.push(warning);
		realProcess.on('warning', note);
		const stop = new AbortController();
		let called = 0;
		const waits = Array.from({ length: 50 }, () => whenAborted(stop.signal, () => (called += 1)));
		waits[0]!();
		const sleeping = Promise.allSettled(
			Array.from({ length: 50 }, async () => await sleep(60_000, stop.signal)),
		);
		stop.abort();
		expect(called).toBe(49);
		for (const slept of await sleeping) {
			expect(slept).toMatchObject({ status: 'rejected', reason: expect.any(StoppedError) });
		}
		await sleep(10);
		realProcess.off('warning', note);
		expect(warnings).toEqual([]);
	});
});
