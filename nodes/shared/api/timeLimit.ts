import { now } from './clock';
import { errorFromNetwork } from './networkError';
import { whenAborted } from './stop';
import { afterAbout } from './timer';

/**
 * The least that a transfer must bring, in bytes per second. A server that sends a byte now and then
 * never pauses for long, and would be waited for without end.
 */
export const MIN_SPEED = 1_024;

/** How much longer than an item's time limit its output files may take, in ms: they are paid for. */
export const DOWNLOAD_MARGIN_MS = 30_000;

/**
 * How long a file may take on its way in any case, in ms: Replicate removes outputs after an hour
 * (docs, data retention).
 */
export const MAX_TRANSFER_MS = 3_600_000;

/** How long a look for what can be taken again may take, in ms, and as a part of an item's time. */
const LOOK_MS = 30_000;
const LOOK_SHARE = 1 / 4;

/** How long the account's lists are looked at: most of an item's time is for what it creates then. */
export function lookUntil(deadline: number, time: number): number {
	return time + Math.min(LOOK_MS, Math.max(deadline - time, 0) * LOOK_SHARE);
}

export interface Limits {
	/** The longest time for a request and its whole response, in ms. */
	totalMs?: number;
	/** The longest time for which nothing moves before the response begins, in ms. */
	responseMs: number;
	/** The longest time for the response's body, in ms. */
	bodyMs?: number;
	/** The longest pause between two chunks of the response, in ms. */
	pauseMs: number;
	/** The caller's own signal. */
	signal?: AbortSignal;
}

/** Aborts a request that takes too long or stalls. */
export class TimeLimit {
	private readonly controller = new AbortController();
	/** Aborted when the time is up, with an `ApiError` as its reason, or with the caller's signal. */
	readonly signal = this.controller.signal;
	private endsAt: number;
	private pauseMs: number;
	private movedAt = now();
	private isMoving = false;
	private stopTimer = () => {};
	private readonly letGo: () => void;

	constructor(
		private readonly url: URL,
		private readonly limits: Limits,
	) {
		const { totalMs = Infinity, responseMs, signal } = limits;
		this.endsAt = this.movedAt + totalMs;
		this.pauseMs = responseMs;
		this.letGo = signal ? whenAborted(signal, () => this.abort(signal.reason)) : () => undefined;
		if (!this.signal.aborted) this.check();
	}

	/** A chunk has come or gone: the pause begins anew. */
	moved(): void {
		this.isMoving = true;
		this.movedAt = now();
	}

	/** The response has begun. From now on, the pause between its chunks counts. */
	responded(): void {
		this.moved();
		const { bodyMs = Infinity, pauseMs } = this.limits;
		this.endsAt = Math.min(this.endsAt, this.movedAt + bodyMs);
		this.pauseMs = pauseMs;
		if (!this.signal.aborted) this.check();
	}

	/** Lets go of the timer and of the caller's signal, when the exchange has ended. */
	end(): void {
		this.stopTimer();
		this.letGo();
	}

	/** Aborts when the time is up, else looks again when it can be at the earliest. */
	private check(): void {
		this.stopTimer();
		const time = now();
		const left = Math.min(this.endsAt, this.movedAt + this.pauseMs) - time;
		if (left > 0) {
			this.stopTimer = afterAbout(left, () => this.check());
			return;
		}
		const code = time < this.endsAt && this.isMoving ? 'STALLED' : 'TIME_UP';
		this.abort(errorFromNetwork(this.url.origin, code, true));
	}

	private abort(reason: unknown): void {
		this.stopTimer();
		this.controller.abort(reason);
	}
}
