import { setTimeout as timeout } from 'node:timers/promises';
import { StoppedError } from './errors';

/** Node's timers fire at once when they are set to more than this. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Pauses for `ms` milliseconds.
 *
 * @throws StoppedError at once when `signal` is or becomes aborted
 */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
	await timeout(Math.min(ms, LONGEST_MS), undefined, { signal }).catch(() => {
		throw new StoppedError();
	});
}
