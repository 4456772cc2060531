import { Problem } from './problems';

/** How many predictions an account may create. */
export interface CreateLimitOptions {
	perMinute: number;
	burst: number;
}

/** Counts creates as a token bucket, and refuses those above the limit as Replicate does. */
export class CreateLimit {
	private tokens: number;
	private filledAt: number;
	/** Creates that were refused. */
	refused = 0;

	constructor(
		private readonly options: CreateLimitOptions,
		private readonly now: () => number,
	) {
		this.tokens = options.burst;
		this.filledAt = now();
	}

	/** @throws Problem 429 with the wait in s (text and fields of real answers) */
	take(): void {
		const { perMinute, burst } = this.options;
		const now = this.now();
		const perMs = perMinute / 60_000;
		this.tokens = Math.min(burst, this.tokens + (now - this.filledAt) * perMs);
		this.filledAt = now;
		if (this.tokens >= 1) {
			this.tokens -= 1;
			return;
		}
		this.refused += 1;
		const seconds = Math.max(1, Math.ceil((1 - this.tokens) / perMs / 1_000));
		const detail = `Request was throttled. Your rate limit for creating predictions is reduced to ${perMinute} requests per minute with a burst of ${burst} requests while you have less than $5.0 in credit. Your rate limit resets in ~${seconds}s.`;
		throw new Problem(
			429,
			{ detail, status: 429, retry_after: seconds },
			{ 'ratelimit-remaining': '0', 'ratelimit-reset': String(seconds) },
		);
	}
}
