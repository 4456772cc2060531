import type { Clock } from './clock';
import { Problem } from './problems';

/** How many predictions an account may create. */
export interface CreateLimitOptions {
	perMinute: number;
	burst: number;
}

/** Counts creates as a token bucket, and refuses those above the limit as Replicate does. */
export class CreateLimit {
	/** Creates that were refused. */
	refused = 0;
	private tokens: number;
	private filledAt: number;

	constructor(
		private current: CreateLimitOptions,
		private readonly clock: Clock,
	) {
		this.tokens = current.burst;
		this.filledAt = clock.now();
	}

	get options(): CreateLimitOptions {
		return this.current;
	}

	/** A new limit begins with its whole burst. */
	set options(options: CreateLimitOptions) {
		this.current = options;
		this.tokens = options.burst;
		this.filledAt = this.clock.now();
	}

	/**
	 * Takes one create off the limit.
	 *
	 * @throws Problem 429 with the wait in s (text and fields of real responses)
	 */
	take(): void {
		const { perMinute, burst } = this.current;
		const now = this.clock.now();
		const perMs = perMinute / 60_000;
		// A clock that is turned back takes nothing away.
		const filled = Math.max(0, now - this.filledAt) * perMs;
		this.tokens = Math.min(burst, this.tokens + filled);
		this.filledAt = now;
		// Fractions of the clock must not refuse the create that came exactly when it was told to.
		if (this.tokens >= 1 - 1e-6) {
			this.tokens -= 1;
			return;
		}
		this.refused += 1;
		const seconds = this.clientSeconds((1 - this.tokens) / perMs);
		const detail = `Request was throttled. Your rate limit for creating predictions is reduced to ${perMinute} requests per minute with a burst of ${burst} requests while you have less than $5.0 in credit. Your rate limit resets in ~${seconds}s.`;
		throw new Problem(
			429,
			{ detail, status: 429, retry_after: seconds },
			{ 'ratelimit-remaining': '0', 'ratelimit-reset': String(seconds) },
		);
	}

	/** Whole seconds, as Replicate says it; with a clock that is sped up, the client waits fractions. */
	private clientSeconds(ms: number): number {
		const { speed } = this.clock;
		if (speed === 1) return Math.max(1, Math.ceil(ms / 1_000));
		return Math.max(1, Math.ceil(ms / speed)) / 1_000;
	}
}
