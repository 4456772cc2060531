import { Readable } from 'node:stream';
import { errorFromNetwork } from './networkError';

/**
 * The least that a transfer must bring, in bytes per second. A server that sends a byte now and then
 * never pauses for long, and would be waited for without end.
 */
export const LEAST_SPEED = 1_024;

/** The shortest patience with a transfer, in ms, however short an item's own time limit is. */
const LEAST_PATIENCE_MS = 10_000;

/** How long a transfer that does not get on is borne, in ms, for an item's time limit in s. */
export function patienceMs(timeoutSeconds: number): number {
	return Math.max(timeoutSeconds * 1_000, LEAST_PATIENCE_MS);
}

/** Ends a request whose time is up; a request that moves on can have its time begin anew. */
export class TimeLimit {
	private readonly stop = new AbortController();
	private readonly timer: NodeJS.Timeout;
	/** Aborted when the time is up, with an `ApiError` as its reason, or with the caller's signal. */
	readonly signal = this.stop.signal;

	/**
	 * @param code  what the error says of it: `TIME_UP`, or `STALLED` for what was to move on
	 * @param outer the caller's signal
	 */
	constructor(
		origin: string,
		ms: number,
		code: 'TIME_UP' | 'STALLED',
		private readonly outer?: AbortSignal,
	) {
		this.timer = setTimeout(() => this.stop.abort(errorFromNetwork(origin, code, true)), ms);
		if (outer?.aborted) this.follow();
		outer?.addEventListener('abort', this.follow);
	}

	/** The same stream; with every piece that is taken from it, the time begins anew. */
	watch(stream: Readable): Readable {
		const { timer } = this;
		async function* watched(): AsyncGenerator<unknown> {
			for await (const piece of stream) {
				timer.refresh();
				yield piece;
			}
		}
		return Readable.from(watched(), { objectMode: false });
	}

	/** Lets go of the timer and of the caller's signal, when the request has ended. */
	end(): void {
		clearTimeout(this.timer);
		this.outer?.removeEventListener('abort', this.follow);
	}

	private readonly follow = () => this.stop.abort(this.outer!.reason);
}
