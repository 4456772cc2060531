import { StoppedError } from './errors';
import { whenAborted } from './stop';
import { after } from './timer';

/**
 * Pauses for `ms` milliseconds.
 *
 * @throws StoppedError at once when `signal` is or becomes aborted
 */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
	if (signal?.aborted) throw new StoppedError(signal);
	await new Promise<void>((resolve, reject) => {
		const wake = after(ms, () => {
			letGo();
			resolve();
		});
		const stop = () => {
			wake();
			reject(new StoppedError(signal));
		};
		const letGo = signal ? whenAborted(signal, stop) : () => undefined;
	});
}
