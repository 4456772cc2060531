import type { RequestFailure } from './errors';
import { UNEXPECTED_RESPONSE } from './networkError';

/**
 * How far a request may be repeated.
 * - `read`: changes nothing at Replicate, so it is tried again after any failure that may pass.
 * - `upload`: as `read`; a file that was stored twice is not billed and expires by itself.
 * - `create`: changes something, or starts paid work. Tried again only if it certainly did not arrive.
 * - `once`: never.
 */
export type RetryPolicy = 'read' | 'upload' | 'create' | 'once';

/** Retries after the first try, for everything but a throttled create. */
export const MAX_RETRIES = 5;
/** Retries after JSON that is not the API's: a proxy's may pass, another API stays. */
const MAX_UNEXPECTED_RETRIES = 2;
/** First pause and longest pause between tries, in ms, when the server gives no hint. */
const BACKOFF_MS = { first: 500, max: 8_000 };
/** A read that is to wait longer than this, in ms, is given up with an error. */
const MAX_HINT_MS = 300_000;
/** A hint beyond this, in s, is ignored: a day. */
const MAX_WAIT_S = 86_400;
/** Statuses that pass by themselves. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Decides whether a failed request is tried again.
 *
 * @param attempt how many tries have failed so far, from 1
 * @param random  a number in [0, 1), to spread clients out
 * @returns the pause before the next try in ms, or `undefined` to give up
 */
export function retryDelayMs(
	policy: RetryPolicy,
	failure: RequestFailure,
	attempt: number,
	random: number = Math.random(),
): number | undefined {
	if (policy === 'once' || attempt > retriesAfter(failure)) return undefined;
	if (!mayRepeat(policy, failure)) return undefined;
	const backoff = Math.min(BACKOFF_MS.first * 2 ** (attempt - 1), BACKOFF_MS.max);
	const hint = failure.kind === 'status' ? failure.hintMs : undefined;
	if (hint !== undefined && hint > MAX_HINT_MS) return undefined;
	return hint ?? backoff * (0.5 + random / 2);
}

function retriesAfter(failure: RequestFailure): number {
	const isUnexpected = failure.kind === 'network' && failure.code === UNEXPECTED_RESPONSE;
	return isUnexpected ? MAX_UNEXPECTED_RETRIES : MAX_RETRIES;
}

function mayRepeat(policy: RetryPolicy, failure: RequestFailure): boolean {
	if (failure.kind === 'network' ? failure.permanent : failure.isFinal) return false;
	// A throttled create is repeated by the gate, which holds all other creates too.
	if (policy === 'create') return failure.kind === 'network' && !failure.sent;
	return failure.kind === 'network' || PASSING.has(failure.status);
}

/** A response's headers and body, as far as they say when to come back. */
interface WaitHint {
	/** `retry_after` of the JSON body, in s. */
	bodyRetryAfter?: unknown;
	/** `Retry-After` header: seconds or an HTTP date. */
	retryAfter?: string;
	/** `ratelimit-reset` header, in s. Sent with successful responses as well, so read it for a 429 only. */
	rateLimitReset?: string;
	/** `detail` of the JSON body, such as "Your rate limit resets in ~9s." */
	detail?: unknown;
}

/**
 * How long the server asks to wait, in ms. The order is that of Replicate's real responses: the
 * body's `retry_after`, then `Retry-After`, then `ratelimit-reset`, then the number in the text.
 */
export function waitHintMs(hint: WaitHint, now: number = Date.now()): number | undefined {
	const fromText =
		typeof hint.detail === 'string'
			? /(?:resets in ~?|available in )(\d{1,6})/.exec(hint.detail)
			: null;
	const candidates = [
		seconds(hint.bodyRetryAfter),
		seconds(hint.retryAfter) ?? untilDate(hint.retryAfter, now),
		seconds(hint.rateLimitReset),
		seconds(fromText?.[1]),
	];
	return candidates.find((ms) => ms !== undefined);
}

function seconds(value: unknown): number | undefined {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return typeof number === 'number' && number >= 0 && number <= MAX_WAIT_S
		? Math.ceil(number * 1000)
		: undefined;
}

function untilDate(value: string | undefined, now: number): number | undefined {
	const date = value === undefined ? Number.NaN : Date.parse(value);
	return Number.isNaN(date) ? undefined : seconds(Math.max(0, date - now) / 1_000);
}
