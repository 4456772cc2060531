import { now } from './clock';

/** The longest time that Node's timers take, in ms; they fire at once when they are set to more. */
const MAX_MS = 2 ** 31 - 1;

/**
 * Calls back after `ms` milliseconds, by a clock that nobody can set.
 *
 * @returns ends the waiting; nothing is called afterwards
 */
export function after(ms: number, callback: () => void): () => void {
	const time = AbortSignal.timeout(Math.min(Math.max(Math.ceil(ms), 0), MAX_MS));
	time.addEventListener('abort', callback, { once: true });
	return () => time.removeEventListener('abort', callback);
}

/** Longer waits may end so much later, in ms, so that many share one timer. */
const STEP_MS = 250;
/** What counts as a longer wait, in ms: the step is a small part of it. */
const LONG_MS = 5_000;

/** What is called at the end of each step, by its number. */
const steps = new Map<number, Set<() => void>>();

/**
 * Calls back after `ms` milliseconds, or up to a quarter of a second later where that is 5 s or more.
 * Limits of requests are hardly ever reached, and a timer of its own for each would stay until its end:
 * this kind cannot be taken back.
 *
 * @returns ends the waiting; nothing is called afterwards
 */
export function afterAbout(ms: number, callback: () => void): () => void {
	if (ms < LONG_MS) return after(ms, callback);
	const step = Math.ceil((now() + ms) / STEP_MS);
	const callbacks = steps.get(step) ?? beginStep(step);
	// A function of its own, because one that waits twice is to be called twice.
	const call = () => callback();
	callbacks.add(call);
	return () => callbacks.delete(call);
}

function beginStep(step: number): Set<() => void> {
	const callbacks = new Set<() => void>();
	steps.set(step, callbacks);
	after(step * STEP_MS - now(), () => {
		steps.delete(step);
		for (const call of callbacks) call();
	});
	return callbacks;
}
