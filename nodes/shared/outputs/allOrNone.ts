import pMap from 'p-map';
import { StoppedError } from '../api/errors';
import { whenAborted } from '../api/stop';

/** How a number of steps is taken together. */
interface Together {
	/** How many at the same time. */
	concurrency: number;
	/** Ends all of them. */
	signal?: AbortSignal;
}

/**
 * Takes a step for each value, where one failure makes the others useless: it ends them, and none of
 * them is running any more when its error is thrown.
 *
 * @param step ends early when its signal is aborted
 * @throws the error of the step that failed first
 */
export async function allOrNone<T, R>(
	values: T[],
	{ concurrency, signal }: Together,
	step: (value: T, index: number, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
	const others = new AbortController();
	const letGo = signal ? whenAborted(signal, () => others.abort(signal.reason)) : () => undefined;
	const results: R[] = [];
	const failures: unknown[] = [];
	await pMap(
		values,
		async (value, index) => {
			try {
				if (others.signal.aborted) throw new StoppedError(others.signal);
				results[index] = await step(value, index, others.signal);
			} catch (error) {
				failures.push(error);
				others.abort();
			}
		},
		{ concurrency },
	);
	letGo();
	if (failures.length > 0) throw failures[0];
	return results;
}
