import { errorFromNetwork } from '../../../nodes/shared/api/networkError';
import { errorFromResponse } from '../../../nodes/shared/api/responseError';
import type { Prediction } from '../../../nodes/shared/api/shapes';
import { PREDICTION } from '../../../nodes/shared/models/jobKind';
import type { PredictionsApi } from '../../../nodes/shared/predictions/api';
import type { JobHandle } from '../../../nodes/shared/predictions/record';
import { nextPollMs, pauseForSize, waitForEnd } from '../../../nodes/shared/predictions/wait';
import { tooLarge } from '../../../nodes/shared/api/tooLarge';
import { responding } from './fakeApi';

/** It has an output already, so that the first look comes at once. */
const running: Prediction = { id: 'abc', status: 'processing', output: 'x' };
const done: Prediction = { id: 'abc', status: 'succeeded', output: 'x' };
const status = (code: number) => errorFromResponse(code, {}, '');

describe('waitForEnd', () => {
	/** A job that is waited for. */
	const job = (api: PredictionsApi, more: Partial<JobHandle> = {}): JobHandle => ({
		api,
		kind: PREDICTION,
		deadline: 1_060_000,
		onTimeout: 'cancel',
		onStop: () => 'cancel',
		...more,
	});

	it('asks nothing for a prediction that has ended', async () => {
		const { api, calls } = responding(running);
		expect(await waitForEnd(job(api), done)).toBe(done);
		expect(calls).toEqual([]);
	});

	it('looks at once where a held create answered with the output', async () => {
		const { api } = responding(done);
		const began = api.now();
		expect(await waitForEnd(job(api), running)).toBe(done);
		expect(api.now() - began).toBe(0);
	});

	it.each([
		['a 404 that passes', status(404)],
		['a 503', status(503)],
		['a broken line', errorFromNetwork('https://a.example', 'ECONNRESET', true)],
	])('waits %s out', async (_what, error) => {
		const { api, calls } = responding(error, done);
		expect(await waitForEnd(job(api), running)).toBe(done);
		expect(calls).toEqual(['read abc', 'read abc']);
	});

	it('waits two 404s in a row out, and no third', async () => {
		const twice = responding(status(404), status(404), done);
		expect(await waitForEnd(job(twice.api), running)).toBe(done);
		const thrice = responding(status(404), status(404), status(404), done);
		await expect(waitForEnd(job(thrice.api), running)).rejects.toMatchObject({
			facts: { code: 'runUnreadable', id: 'abc' },
		});
		expect(thrice.calls).toHaveLength(3);
	});

	it.each([
		['a refusal', status(401)],
		['an error that is not ours', new Error('x')],
	])('ends with the id at %s', async (_what, error) => {
		const { api } = responding(error);
		await expect(waitForEnd(job(api), running)).rejects.toMatchObject({
			message: expect.stringMatching(/^The prediction was created, but it can no longer be read:/),
			facts: { code: 'runUnreadable', id: 'abc' },
			details: { predictionId: 'abc' },
		});
	});

	it.each([
		['a refusal that lasts, after a 404 that passes', [status(404), status(401)], 2],
		['a response that nobody can read', [tooLarge('https://a.example', '')], 1],
		['an untrusted certificate', [errorFromNetwork('https://a.example', 'CERT', false, true)], 1],
	])('does not wait for the deadline at %s', async (_what, errors, reads) => {
		const { api, calls } = responding(...errors);
		const began = api.now();
		await expect(waitForEnd(job(api), running)).rejects.toMatchObject({
			facts: { code: 'runUnreadable', id: 'abc' },
		});
		expect(calls).toHaveLength(reads);
		expect(api.now() - began).toBeLessThan(5_000);
	});

	it('asks less often for a prediction that has written much', async () => {
		const written = { ...running, output: 'x'.repeat(5 * 1024 * 1024) };
		const { api } = responding(written, written, done);
		const began = api.now();
		await waitForEnd(job(api), running);
		// At 256 KiB a second: 20 s after each of the two.
		expect((api.now() - began) / 1_000).toBeCloseTo(40, 0);
		expect(pauseForSize({ ...written, logs: 'x'.repeat(50_000_000) })).toBe(30_000);
		expect(pauseForSize(running)).toBeLessThan(1);
	});

	it('says what became of it when the time is up', async () => {
		const late = { deadline: 0 };
		const cancelled = { ...running, status: 'canceled' };
		await expect(waitForEnd(job(responding(cancelled).api, late), running)).rejects.toThrow(
			'The prediction was not finished within the time limit and was cancelled',
		);
		await expect(waitForEnd(job(responding(status(500)).api, late), running)).rejects.toThrow(
			/ was not finished within the time limit, and Replicate did not confirm that it was cancelled, so it may still be running$/,
		);
		expect(await waitForEnd(job(responding(done).api, late), running)).toBe(done);
		const { api, calls } = responding(done);
		const left = waitForEnd(job(api, { ...late, onTimeout: 'leave' }), running);
		await expect(left).rejects.toThrow(/within the time limit and is still running$/);
		expect(calls).toEqual([]);
	});

	it.each([
		['cancel', { ...running, status: 'canceled' }, ['cancel abc'], 'was cancelled'],
		['cancel', running, [...Array(5).fill('cancel abc'), 'read abc'], 'may still be running'],
		['cancel', done, ['cancel abc'], 'had ended before (succeeded)'],
		['cancel', status(403), ['cancel abc', 'read abc'], 'may still be running'],
		['leave', running, [], 'is still running'],
	] as const)(
		'when it is stopped, with %s, and Replicate says %j',
		async (onStop, says, asked, fate) => {
			const { api, calls } = responding(says);
			const stop = new AbortController();
			stop.abort();
			const more = { onStop: () => onStop, signal: stop.signal };
			await expect(waitForEnd(job(api, more), running)).rejects.toThrow(
				`The workflow was stopped, and prediction abc ${fate}`,
			);
			expect(calls).toEqual(asked);
		},
	);

	it('looks at once when it is woken, and then as before', async () => {
		const { api, calls } = responding({ ...running, output: null }, running, done);
		const pauses: number[] = [];
		api.sleep = async (ms) => {
			pauses.push(ms);
			// The first pause never ends by itself.
			if (pauses.length === 1) await new Promise(() => undefined);
		};
		const starting = { id: 'abc', status: 'starting' };
		expect(await waitForEnd(job(api), starting, { wakeUp: Promise.resolve() })).toBe(done);
		expect([calls.length, pauses.length]).toEqual([3, 3]);
	});

	it('looks less and less often, up to every 5 s', () => {
		expect([0, 1_000, 3_000, 4_000, 5_000].map(nextPollMs)).toEqual([
			1_000, 1_500, 4_500, 5_000, 5_000,
		]);
	});
});
