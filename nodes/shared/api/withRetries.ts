import { now } from './clock';
import { ApiError } from './errors';
import { retryDelayMs, type RetryPolicy } from './retry';
import { sleep } from './sleep';

/**
 * Runs a request, and runs it again as far as its policy allows.
 *
 * @param until no retry begins after this time, in ms
 * @throws the last attempt's error
 * @throws StoppedError when `signal` is aborted between two attempts
 */
export async function withRetries<T>(
	policy: RetryPolicy,
	attempt: () => Promise<T>,
	{ signal, until = Infinity }: { signal?: AbortSignal; until?: number } = {},
): Promise<T> {
	for (let failed = 1; ; failed++) {
		const outcome = await attempt().then(
			(value) => ({ value }),
			(error: unknown) => ({ error }),
		);
		if ('value' in outcome) return outcome.value;
		const { error } = outcome;
		const delay =
			error instanceof ApiError ? retryDelayMs(policy, error.failure, failed) : undefined;
		if (delay === undefined || now() + delay >= until) throw error;
		await sleep(delay, signal);
	}
}
