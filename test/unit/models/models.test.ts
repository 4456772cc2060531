import type { ReplicateClient } from '../../../nodes/shared/api/client';
import { errorFromNetwork } from '../../../nodes/shared/api/networkError';
import { errorFromResponse } from '../../../nodes/shared/api/responseError';
import { Models } from '../../../nodes/shared/models/models';

const status = (code: number) => errorFromResponse(code, {}, '');

/** A client whose first read fails like this, and whose next ones give an official model. */
function failingOnce(failure: Error) {
	let reads = 0;
	const client = {
		get: async () => {
			reads += 1;
			if (reads === 1) throw failure;
			return await Promise.resolve({ owner: 'a', name: 'b', is_official: true });
		},
	};
	return { models: new Models(client as unknown as ReplicateClient), reads: () => reads };
}

describe('the models of a run', () => {
	it.each([
		['a 429', status(429)],
		['a 500', status(500)],
		['a broken connection', errorFromNetwork('https://a.example', 'ECONNRESET', true)],
	])('are read again for the next item after %s', async (_what, failure) => {
		const { models, reads } = failingOnce(failure);
		await expect(models.runnable('a/b')).rejects.toBe(failure);
		expect(await models.runnable('a/b')).toMatchObject({ name: 'a/b', version: 'a/b' });
		await models.runnable('a/b');
		expect(reads()).toBe(2);
	});

	it.each([401, 403, 404])('are not read again after a %s', async (code) => {
		const { models, reads } = failingOnce(status(code));
		for (let read = 1; read <= 3; read++) {
			await expect(models.runnable('a/b')).rejects.toMatchObject({ status: code });
		}
		expect(reads()).toBe(1);
	});

	it('are not read where two versions are named', async () => {
		const { models, reads } = failingOnce(status(404));
		await expect(models.runnable(`a/b:${'a'.repeat(64)}`, 'b'.repeat(64))).rejects.toThrow(
			'The model names one version, and another one was chosen beside it',
		);
		expect(reads()).toBe(0);
	});

	it('are read once, however many items begin at once', async () => {
		const { models, reads } = failingOnce(status(404));
		const all = await Promise.allSettled([1, 2, 3].map(async () => await models.runnable('a/b')));
		expect(all.map((one) => one.status)).toEqual(['rejected', 'rejected', 'rejected']);
		expect(reads()).toBe(1);
	});
});
