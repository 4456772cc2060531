import type { ReplicateClient } from '../../../nodes/shared/api/client';
import { errorFromNetwork } from '../../../nodes/shared/api/networkError';
import { errorFromResponse } from '../../../nodes/shared/api/responseError';
import type { Prediction } from '../../../nodes/shared/api/shapes';
import { nextPollMs, waitForEnd, type WaitOptions } from '../../../nodes/shared/predictions/wait';
import { wordsOfRejected } from '../errorWords';

/** It has an output already, so that the first look comes at once. */
const running: Prediction = { id: 'abc', status: 'processing', output: 'x' };
const done: Prediction = { id: 'abc', status: 'succeeded', output: 'x' };
const status = (code: number) => errorFromResponse(code, {}, '');

/** A client that gives these answers one after the other, the last one for ever. */
function answering(...answers: Array<Prediction | Error>) {
	const calls: string[] = [];
	const give = async () => {
		const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
		return await (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer));
	};
	const call = (path: string) => {
		calls.push(path);
		return give();
	};
	return { calls, client: { get: call, postOnce: call } as unknown as ReplicateClient };
}

describe('waitForEnd', () => {
	const options = (more: Partial<WaitOptions> = {}): WaitOptions => ({
		deadline: Date.now() + 60_000,
		onTimeout: 'cancel',
		onStop: 'cancel',
		...more,
	});

	it('asks nothing for a prediction that has ended', async () => {
		const { client, calls } = answering(running);
		expect(await waitForEnd(client, done, options())).toBe(done);
		expect(calls).toEqual([]);
	});

	it('looks at once where a held create returned the output', async () => {
		const { client } = answering(done);
		const began = performance.now();
		expect(await waitForEnd(client, running, options())).toBe(done);
		expect(performance.now() - began).toBeLessThan(900);
	});

	it.each([
		['a 404 that passes', status(404)],
		['a 503', status(503)],
		['a broken line', errorFromNetwork('https://a.example', 'ECONNRESET', true)],
	])('waits %s out', async (_what, error) => {
		const { client, calls } = answering(error, done);
		expect(await waitForEnd(client, running, options())).toBe(done);
		expect(calls).toEqual(['/predictions/abc', '/predictions/abc']);
	});

	it.each([
		['a refusal', status(401)],
		['an error that is not ours', new Error('x')],
	])('ends with the id at %s', async (_what, error) => {
		const { client } = answering(error);
		expect(await wordsOfRejected(waitForEnd(client, running, options()))).toMatchObject({
			message: expect.stringMatching(
				/^The prediction was created, but it cannot be read any more:/,
			),
			description: expect.stringContaining('get prediction abc with Prediction → Get'),
			details: { predictionId: 'abc' },
		});
	});

	it('says what became of it when the time is up', async () => {
		const late = options({ deadline: Date.now() - 1 });
		const cancelled = { ...running, status: 'canceled' };
		await expect(waitForEnd(answering(cancelled).client, running, late)).rejects.toThrow(
			'The prediction was not finished within the time limit and was cancelled',
		);
		await expect(waitForEnd(answering(status(500)).client, running, late)).rejects.toThrow(
			/and Replicate did not respond to the request to cancel it$/,
		);
		expect(await waitForEnd(answering(done).client, running, late)).toBe(done);
		const { client, calls } = answering(done);
		const left = waitForEnd(client, running, { ...late, onTimeout: 'leave' });
		await expect(left).rejects.toThrow(/within the time limit and is still running$/);
		expect(calls).toEqual([]);
	});

	it.each([
		['cancel', ['/predictions/abc/cancel'], 'was cancelled'],
		['leave', [], 'is still running'],
	] as const)('when it is stopped, with %s: %j', async (onStop, asked, fate) => {
		const { client, calls } = answering(done);
		const stop = new AbortController();
		const waiting = waitForEnd(client, running, options({ onStop, signal: stop.signal }));
		stop.abort();
		await expect(waiting).rejects.toThrow(`The workflow was stopped, and prediction abc ${fate}`);
		expect(calls).toEqual(asked);
	});

	it('looks less and less often, up to every 5 s', () => {
		expect([0, 1_000, 3_000, 4_000, 5_000].map(nextPollMs)).toEqual([
			1_000, 1_500, 4_500, 5_000, 5_000,
		]);
	});
});
