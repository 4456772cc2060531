import { Readable } from 'node:stream';
import { errorFromNetwork } from './errors';

/**
 * Watches that a streamed request moves on. A fixed time limit would either cut slow lines or let
 * dead ones hang, so only a pause ends the request: between two pieces, or before the answer.
 */
export class ProgressWatch {
	private readonly stop = new AbortController();
	private readonly timer: NodeJS.Timeout;
	/** Aborted by a stall, with an `ApiError` as its reason, or by the caller's signal. */
	readonly signal: AbortSignal;

	/** @param pauseMs longest pause, in ms */
	constructor(origin: string, pauseMs: number, signal?: AbortSignal) {
		this.signal = signal ? AbortSignal.any([signal, this.stop.signal]) : this.stop.signal;
		this.timer = setTimeout(() => {
			this.stop.abort(errorFromNetwork(origin, 'STALLED', true));
		}, pauseMs);
	}

	/** The same stream, with every piece that is taken from it counted as progress. */
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

	/** Ends the watch, when the answer is there or the request has failed. */
	end(): void {
		clearTimeout(this.timer);
	}
}
