/** Why something is aborted other than by a stop of the workflow, as a signal's `reason`. */
export class StopReason {
	/** @param words one sentence without its full stop */
	constructor(readonly words: string) {}
}

/** What has stopped, in words: the workflow, unless the signal's reason says something else. */
export function stopWords(signal: AbortSignal | undefined): string {
	const reason: unknown = signal?.reason;
	return reason instanceof StopReason ? reason.words : 'The workflow was stopped';
}

const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when a signal is aborted, or at once when it already is. However many wait for a signal,
 * it has one listener: Node warns of more than ten, and as many items may run at a time.
 *
 * @returns ends the waiting; nothing is called afterwards
 */
export function whenAborted(signal: AbortSignal, callback: () => void): () => void {
	if (signal.aborted) {
		callback();
		return () => undefined;
	}
	const callbacks = waiting.get(signal) ?? listenedTo(signal);
	// A callback may be in use twice, and each use ends by itself.
	const call = () => callback();
	callbacks.add(call);
	return () => callbacks.delete(call);
}

function listenedTo(signal: AbortSignal): Set<() => void> {
	const callbacks = new Set<() => void>();
	waiting.set(signal, callbacks);
	const onAbort = () => {
		for (const callback of callbacks) callback();
		callbacks.clear();
	};
	signal.addEventListener('abort', onAbort, { once: true });
	return callbacks;
}
