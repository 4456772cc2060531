/** The longest time that Node's timers take, in ms; they fire at once when they are set to more. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Calls back after `ms` milliseconds, by a clock that nobody can set.
 *
 * @returns ends the waiting; nothing is called afterwards
 */
export function after(ms: number, callback: () => void): () => void {
	const time = AbortSignal.timeout(Math.min(Math.max(Math.ceil(ms), 0), LONGEST_MS));
	time.addEventListener('abort', callback, { once: true });
	return () => time.removeEventListener('abort', callback);
}
