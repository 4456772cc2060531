import { StoppedError } from '../../../nodes/shared/api/errors';
import { sleep } from '../../../nodes/shared/api/sleep';
import { allOrNone } from '../../../nodes/shared/outputs/allOrNone';

const two = { concurrency: 2 };

describe('steps of which all are needed', () => {
	it('give their results in the order of the values', async () => {
		const results = await allOrNone([30, 1, 10], two, async (ms, index) => {
			await sleep(ms);
			return index;
		});
		expect(results).toEqual([0, 1, 2]);
	});

	it('end with the first that fails, and are over when its error comes', async () => {
		const log: string[] = [];
		const steps = allOrNone(['slow', 'fails', 'later'], two, async (name, _index, signal) => {
			if (name === 'fails') throw new Error('first');
			log.push(`${name} begins`);
			await sleep(60_000, signal).finally(async () => {
				await sleep(20);
				log.push(`${name} is over`);
			});
		});
		await expect(steps).rejects.toThrow('first');
		expect(log).toEqual(['slow begins', 'slow is over']);
	});

	it('end with the caller’s signal', async () => {
		const stop = new AbortController();
		const steps = allOrNone(
			[1, 2, 3],
			{ ...two, signal: stop.signal },
			async (_one, _n, signal) => await sleep(60_000, signal),
		);
		stop.abort();
		await expect(steps).rejects.toBeInstanceOf(StoppedError);
	});
});
