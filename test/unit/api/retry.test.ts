import type { RequestFailure } from '../../../nodes/shared/api/errors';
import {
	MAX_RETRIES,
	retryDelayMs,
	waitHintMs,
	type RetryPolicy,
} from '../../../nodes/shared/api/retry';

const status = (code: number, hintMs?: number): RequestFailure => ({
	kind: 'status',
	status: code,
	hintMs,
});
const network = (code: string, more: { sent?: boolean; permanent?: boolean } = {}) =>
	({ kind: 'network', code, sent: true, permanent: false, ...more }) as RequestFailure;
const notSent = { sent: false };

describe('retryDelayMs', () => {
	it.each<[RetryPolicy, RequestFailure, boolean]>([
		['read', status(500), true],
		['read', status(429), true],
		['read', status(503), true],
		['read', status(404), false],
		['read', status(401), false],
		['read', network('ECONNRESET'), true],
		['read', network('CERT_HAS_EXPIRED', { sent: false, permanent: true }), false],
		['upload', status(502), true],
		['upload', status(413), false],
		['create', network('ECONNREFUSED', notSent), true],
		['create', network('CERT_HAS_EXPIRED', { sent: false, permanent: true }), false],
		['create', network('ECONNRESET'), false],
		['create', network('TIME_UP'), false],
		['create', status(500), false],
		['create', status(503), false],
		['create', status(429), false],
		['once', network('ECONNREFUSED', notSent), false],
	])('%s after %j: %s', (policy, failure, repeats) => {
		expect(retryDelayMs(policy, failure, 1) !== undefined).toBe(repeats);
	});

	it('doubles the pause up to 8 s, spread over half of it', () => {
		const delays = [1, 2, 3, 4, 5].map((attempt) => retryDelayMs('read', status(500), attempt, 1));
		expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
		expect(retryDelayMs('read', status(500), 1, 0)).toBe(250);
	});

	it('waits as long as the server asks, but not longer than five minutes', () => {
		expect(retryDelayMs('read', status(429, 7_000), 1)).toBe(7_000);
		expect(retryDelayMs('read', status(429, 300_000), 1)).toBe(300_000);
		expect(retryDelayMs('read', status(429, 300_001), 1)).toBeUndefined();
	});

	it('gives up on another API sooner than on a broken line', () => {
		const repeats = (code: string, attempt: number) =>
			retryDelayMs('read', network(code), attempt) !== undefined;
		expect([1, 2, 3].map((attempt) => repeats('UNEXPECTED_RESPONSE', attempt))).toEqual([
			true,
			true,
			false,
		]);
		expect(repeats('NOT_JSON', MAX_RETRIES)).toBe(true);
	});

	it('gives up in the end', () => {
		expect(retryDelayMs('read', status(500), MAX_RETRIES + 1)).toBeUndefined();
	});
});

describe('waitHintMs', () => {
	const now = Date.parse('2026-01-01T00:00:00Z');

	it('takes the body before the headers, and the headers before the text', () => {
		const hint = {
			bodyRetryAfter: 1,
			retryAfter: '2',
			rateLimitReset: '3',
			detail: 'Your rate limit resets in ~4s.',
		};
		expect(waitHintMs(hint)).toBe(1_000);
		expect(waitHintMs({ ...hint, bodyRetryAfter: undefined })).toBe(2_000);
		expect(waitHintMs({ rateLimitReset: '3', detail: hint.detail })).toBe(3_000);
		expect(waitHintMs({ detail: hint.detail })).toBe(4_000);
		expect(waitHintMs({ detail: 'Expected available in 1 second.' })).toBe(1_000);
		expect(waitHintMs({ detail: 'Your rate limit resets in 120s.' })).toBe(120_000);
		expect(waitHintMs({ bodyRetryAfter: ' ', retryAfter: '', rateLimitReset: '3' })).toBe(3_000);
		expect(waitHintMs({ bodyRetryAfter: 0 })).toBe(0);
		expect(waitHintMs({ bodyRetryAfter: 86_400 })).toBe(86_400_000);
	});

	it('reads a date', () => {
		expect(waitHintMs({ retryAfter: 'Thu, 01 Jan 2026 00:00:30 GMT' }, now)).toBe(30_000);
		expect(waitHintMs({ retryAfter: 'Wed, 31 Dec 2025 00:00:00 GMT' }, now)).toBe(0);
	});

	it.each([
		[{}],
		[{ retryAfter: 'soon' }],
		[{ bodyRetryAfter: -1 }],
		[{ bodyRetryAfter: null }],
		[{ detail: 5 }],
		[{ detail: ['resets in ~3s'] }],
		[{ bodyRetryAfter: ' ' }],
		[{ bodyRetryAfter: 86_401 }],
	])('knows no hint in %j', (hint) => {
		expect(waitHintMs(hint)).toBeUndefined();
	});
});
