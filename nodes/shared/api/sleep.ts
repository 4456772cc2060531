import { setTimeout as timeout } from 'node:timers/promises';
import { StoppedError } from './errors';

/**
 * Pauses for `ms` milliseconds.
 *
 * @throws StoppedError at once when `signal` is or becomes aborted
 */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
	await timeout(ms, undefined, { signal }).catch(() => {
		throw new StoppedError('The workflow was stopped');
	});
}
