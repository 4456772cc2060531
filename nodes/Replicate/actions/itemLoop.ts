import pMap from 'p-map';
import { Item } from '../../host/item';
import type { ItemOutcome, RunEnd } from '../../host/outcome';
import type { RunStop } from '../../host/stop';
import type { RunJobs } from '../../jobs/runJobs';
import { LimitReachedError } from '../../fields/parameterError';
import { StoppedError } from '../../shared/api/errors';
import type { Operation } from './resource';

/** How a loop over the items goes. */
interface LoopOptions {
	/** How many items there are. */
	count: number;
	/** How many are processed at the same time. */
	concurrency: number;
	/** Whether a failed item costs no other ("continue on fail"). */
	continues: boolean;
}

/**
 * Runs an operation for every item, several at a time. Where the node does not go on after an error,
 * the first one stops the items that are still running.
 *
 * @param jobs rejected where the run could not start, which is then each item's error
 */
export async function runItems(
	operation: Operation,
	jobs: Promise<RunJobs>,
	{ signal, stop }: RunStop,
	{ count, concurrency, continues }: LoopOptions,
): Promise<RunEnd> {
	let cause: number | undefined;
	const outcomes = await pMap(
		Array.from({ length: count }, (_, index) => index),
		async (index): Promise<ItemOutcome> => {
			if (signal.aborted) return { error: new StoppedError(signal) };
			return await jobs
				.then(async (opened) => await operation.execute(new Item(opened.run, index), opened))
				.then(
					(results) => ({ results }),
					(error: unknown) => {
						if (!continues && !signal.aborted) {
							cause ??= index;
							if (!(error instanceof LimitReachedError)) stop();
						}
						return { error };
					},
				);
		},
		{ concurrency },
	);
	const stopped = signal.aborted ? outcomes.findIndex((outcome) => 'error' in outcome) : -1;
	return { outcomes, failed: cause ?? (stopped === -1 ? undefined : stopped) };
}
