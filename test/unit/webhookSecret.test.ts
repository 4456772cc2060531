import type { ReplicateClient } from '../../nodes/shared/api/client';
import { errorFromNetwork } from '../../nodes/shared/api/networkError';
import { errorFromResponse } from '../../nodes/shared/api/responseError';
import { currentSecret, recentSecret } from '../../nodes/shared/webhooks/secret';

describe('the secret of webhooks', () => {
	let clock = 0;
	let accounts = 0;
	beforeAll(() => jest.spyOn(performance, 'now').mockImplementation(() => clock));
	afterAll(() => jest.restoreAllMocks());

	/** A client whose reads give these, one after the other, and how often it was asked. */
	const clientOf = (...outcomes: Array<string | Error>) => {
		let reads = 0;
		const get = async () => {
			const outcome = outcomes[Math.min(reads++, outcomes.length - 1)]!;
			await Promise.resolve();
			if (outcome instanceof Error) throw outcome;
			return { key: outcome };
		};
		const client = { identity: `account ${accounts++}`, get } as unknown as ReplicateClient;
		return { client, reads: () => reads };
	};

	it('is read once for all that ask at the same time, and once an hour', async () => {
		const { client, reads } = clientOf('a', 'b');
		const asked = await Promise.all([recentSecret(client), recentSecret(client)]);
		clock += 3_599_000;
		expect([...asked, await recentSecret(client)]).toEqual(['a', 'a', 'a']);
		expect(reads()).toBe(1);
		clock += 1_000;
		expect(await recentSecret(client)).toBe('b');
	});

	it('is read again for a wrong signature, once a minute', async () => {
		const { client, reads } = clientOf('a', 'b', 'c');
		expect(await recentSecret(client)).toBe('a');
		expect(await currentSecret(client)).toBe('a');
		clock += 59_999;
		expect(await currentSecret(client)).toBe('a');
		clock += 1;
		expect(await Promise.all([currentSecret(client), currentSecret(client)])).toEqual(['b', 'b']);
		expect(reads()).toBe(2);
	});

	it('is still known where reading it again fails, so that a stranger ends nothing', async () => {
		const error = errorFromResponse(503, {}, '');
		const { client, reads } = clientOf('a', error);
		expect(await recentSecret(client)).toBe('a');
		clock += 60_000;
		await expect(currentSecret(client)).rejects.toBe(error);
		expect(await recentSecret(client)).toBe('a');
		expect(reads()).toBe(2);
	});

	it.each([
		['a refused token', errorFromResponse(401, {}, ''), 60_000],
		['a forbidden one', errorFromResponse(403, {}, ''), 60_000],
		['a server that fails', errorFromResponse(500, {}, ''), 5_000],
		['a broken connection', errorFromNetwork('https://a.example', 'ECONNRESET', true), 5_000],
	])('is not asked for again for a while after %s', async (_what, error, ms) => {
		const { client, reads } = clientOf(error, 'a');
		await expect(recentSecret(client)).rejects.toBe(error);
		clock += ms - 1;
		await expect(currentSecret(client)).rejects.toBe(error);
		expect(reads()).toBe(1);
		clock += 1;
		expect(await recentSecret(client)).toBe('a');
	});
});
