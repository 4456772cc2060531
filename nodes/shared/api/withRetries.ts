import { now } from './clock';
import { ApiError } from './errors';
import { retryDelayMs, type RetryPolicy } from './retry';
import type { RetryBudget } from './retryBudget';
import { sleep } from './sleep';

/** What limits the retries of a request. */
interface RetryLimits {
	signal?: AbortSignal;
	/** No retry begins after this time, in ms. */
	until?: number;
	/** What many requests have together. */
	budget?: RetryBudget;
}

/**
 * Runs a request, and runs it again as far as its policy allows.
 *
 * @throws the last attempt's error
 * @throws StoppedError when `signal` is aborted between two attempts
 */
export async function withRetries<T>(
	policy: RetryPolicy,
	attempt: () => Promise<T>,
	{ signal, until = Infinity, budget }: RetryLimits = {},
): Promise<T> {
	for (let failed = 1; ; failed++) {
		const outcome = await attempt().then(
			(value) => ({ value }),
			(error: unknown) => ({ error }),
		);
		if ('value' in outcome) {
			budget?.giveBack();
			return outcome.value;
		}
		const { error } = outcome;
		const delay =
			error instanceof ApiError ? retryDelayMs(policy, error.failure, failed) : undefined;
		if (delay === undefined || now() + delay >= until || budget?.take() === false) throw error;
		await sleep(delay, signal);
	}
}
