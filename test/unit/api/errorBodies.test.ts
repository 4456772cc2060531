import { wordsOf } from '../../../nodes/fields/advice';
import { errorFromResponse } from '../../../nodes/shared/api/responseError';
import { retryDelayMs } from '../../../nodes/shared/api/retry';
import { growthOf, MAX_GROWTH } from '../growth';

/*
 * What a server says of an error, in every shape that was seen, with every status: its words are kept,
 * and the advice names only causes that can be.
 */

const STATUSES = [400, 401, 402, 403, 404, 405, 409, 413, 418, 422, 429, 500, 502, 503, 504];

interface Shape {
	body: string;
	/** What is kept of it, on one line. */
	words: string;
	/** Whether a gateway or a proxy says it. */
	byGateway?: boolean;
	/** Whether it names a value of the input. */
	namesValue?: boolean;
}

const SHAPES: Record<string, Shape> = {
	'detail as text': { body: '{"detail":"no fox\\n today"}', words: 'no fox today' },
	'problem JSON': {
		body: '{"title":"Not good","detail":"no fox today","status":400}',
		words: 'no fox today',
	},
	'a title alone': { body: '{"title":"no fox today"}', words: 'no fox today' },
	'invalid fields': {
		body: '{"detail":"- input.width: too large","invalid_fields":[{"field":"input.width","description":"too large"}]}',
		words: 'width: too large',
		namesValue: true,
	},
	'Cog’s validation': {
		body: '{"detail":[{"loc":["body","input","width"],"msg":"too large","type":"value_error"}]}',
		words: 'width: too large',
		byGateway: true,
		namesValue: true,
	},
	'validation of a list’s element': {
		body: '{"detail":[{"loc":["body","input","shots",0,"prompt"],"msg":"field required"},{"loc":["body","input","seed"],"msg":"too small"}]}',
		words: 'shots.0.prompt: field required; seed: too small',
		byGateway: true,
		namesValue: true,
	},
	'detail as an object': {
		body: '{"detail":{"message":"no fox today"}}',
		words: 'no fox today',
		byGateway: true,
	},
	'error as text': { body: '{"error":"no fox today"}', words: 'no fox today' },
	'error with a message': {
		body: '{"error":{"message":"no fox today","type":"limit"}}',
		words: 'no fox today',
		byGateway: true,
	},
	'error with a message and a code': {
		body: '{"error":{"message":"no fox today","code":"fox_gone"}}',
		words: 'no fox today (fox_gone)',
		byGateway: true,
	},
	'a list of errors': {
		body: '{"success":false,"result":null,"errors":[{"code":7003,"message":"no fox today"}]}',
		words: 'no fox today (7003)',
		byGateway: true,
	},
	'Cloudflare’s AI Gateway': {
		body: '{"success":false,"result":[],"messages":[],"error":[{"code":2001,"message":"no fox today"}]}',
		words: 'no fox today (2001)',
		byGateway: true,
	},
	'a message': { body: '{"message":"no fox today"}', words: 'no fox today', byGateway: true },
	'a list with a message': {
		body: '[{"message":"no fox today"}]',
		words: 'no fox today',
		byGateway: true,
	},
	'text in quotes': { body: '"no fox today"', words: 'no fox today', byGateway: true },
	'plain text': { body: 'no fox today\n', words: 'no fox today', byGateway: true },
	'a page': {
		body: '<!DOCTYPE html><html><head><title>502 Bad Gateway</title><style>h1{color:red}</style></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx &amp; fox</center><script>alert(1)</script></body></html>',
		words: '502 Bad Gateway · nginx & fox',
		byGateway: true,
	},
	'a page inside JSON': {
		body: JSON.stringify({ message: '<html><body><h1>no fox</h1><p>today</p></body></html>' }),
		words: 'no fox · today',
		byGateway: true,
	},
};

describe.each(Object.entries(SHAPES))('%s', (_name, { body, words, byGateway, namesValue }) => {
	it.each(STATUSES)('with %i keeps its words', (status) => {
		const error = errorFromResponse(status, {}, body);
		const { message, description = '' } = wordsOf(error);
		const all = `${message} ${description}`;
		expect(all).toContain(words);
		expect(all).not.toMatch(/<[a-z!]|\[object|undefined/i);
		// Who says it is told where it is quoted; the message of a 422 has it already.
		if (status !== 422) {
			expect(description).toContain(`${byGateway ? 'The response' : 'Replicate'} says: ${words}`);
		}
		expect(error.status).toBe(status);
	});

	it('names a cause only where it can be one', () => {
		const adviceOf = (status: number, hasFiles = false) =>
			wordsOf(errorFromResponse(status, {}, body, { hasFiles })).description ?? '';
		expect(adviceOf(400)).not.toContain('data URI');
		expect(adviceOf(400, true)).toContain('data URI');
		expect(adviceOf(422).includes('named value')).toBe(namesValue ?? false);
		expect(adviceOf(402).startsWith('Add credit at replicate.com')).toBe(!byGateway);
	});
});

describe('a limit of what may be spent', () => {
	const spent =
		'{"success":false,"errors":[{"code":2021,"message":"Spend limit exceeded for this gateway"}]}';

	it('of a gateway ends the request at once, in its words', () => {
		const error = errorFromResponse(429, {}, spent);
		expect(wordsOf(error)).toMatchObject({
			message: 'A spending limit of the gateway is reached',
			description: expect.stringContaining(
				'Spend limit exceeded for this gateway (2021)',
			) as string,
		});
		expect(retryDelayMs('read', error.failure, 1)).toBeUndefined();
	});

	it('that says when it ends is waited for like any other', () => {
		const { failure } = errorFromResponse(429, { 'retry-after': '2' }, spent);
		expect(retryDelayMs('read', failure, 1)).toBe(2_000);
	});

	it.each([
		'{"detail":"Request was throttled. Your rate limit is reduced while you have less than $5.0 in credit."}',
		'{"errors":[{"message":"Rate limit exceeded"}]}',
		'',
	])('is not what %s says', (body) => {
		const error = errorFromResponse(429, {}, body);
		expect(error.code).toBe('throttled');
		expect(retryDelayMs('read', error.failure, 1, 0)).toBe(250);
	});
});

it.each<[string, (size: number) => string]>([
	['errors within errors', (size) => `${'{"error":'.repeat(size / 40)}"x"${'}'.repeat(size / 40)}`],
	['open tags', (size) => '<p>'.repeat(size)],
	['open comments', (size) => `<html>${'<!--'.repeat(size / 2)}`],
])('a hostile body of %s takes time by its size, and no depth', (_what, make) => {
	const read = (body: string) =>
		expect(wordsOf(errorFromResponse(500, {}, body)).message).toContain('HTTP 500');
	expect(growthOf(50_000, make, read)).toBeLessThan(MAX_GROWTH);
});
