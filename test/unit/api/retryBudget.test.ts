import { ApiError } from '../../../nodes/shared/api/errors';
import { errorFromResponse } from '../../../nodes/shared/api/responseError';
import { RetryBudget } from '../../../nodes/shared/api/retryBudget';
import { withRetries } from '../../../nodes/shared/api/withRetries';

const down = () => errorFromResponse(503, { 'retry-after': '0' }, '');

describe('the retries of a run', () => {
	it('are few for all reads together while the API is down', async () => {
		const budget = new RetryBudget();
		let requests = 0;
		const attempt = async () => {
			requests += 1;
			return await Promise.reject(down());
		};
		const reads = Array.from({ length: 500 }, async () =>
			withRetries('read', attempt, { budget }).catch((error: unknown) => error),
		);
		const ended = await Promise.all(reads);
		expect(ended.every((error) => error instanceof ApiError)).toBe(true);
		// One for each, and a hundred retries; it was 3,000.
		expect(requests).toBe(600);
	});

	it('are there again when responses come again', async () => {
		const budget = new RetryBudget();
		while (budget.take());
		const works = async () => await Promise.resolve('fine');
		await withRetries('read', works, { budget });
		let failures = 0;
		const once = async () => {
			failures += 1;
			return await (failures === 1 ? Promise.reject(down()) : works());
		};
		await expect(withRetries('read', once, { budget })).resolves.toBe('fine');
		expect(failures).toBe(2);
	});

	it('are never more than at the beginning', () => {
		const budget = new RetryBudget();
		for (let n = 0; n < 1_000; n++) budget.giveBack();
		let taken = 0;
		while (budget.take()) taken += 1;
		expect(taken).toBe(100);
	});
});
