import type { ErrorCode, ErrorFacts } from './errorFacts';
import { ApiError } from './errors';
import { isNested, withoutDepths, type JsonObject, type JsonValue } from './json';
import { oneLine } from './oneLine';
import { waitHintMs } from './retry';

/** The codes whose facts are those of a response. */
type ResponseCode = {
	[C in ErrorCode]: ErrorFacts<C> extends { status: number } ? C : never;
}[ErrorCode];

const STATUS_WORDS: Record<number, { code: ResponseCode; message: string }> = {
	400: { code: 'badRequest', message: 'Replicate could not read the request' },
	401: { code: 'tokenRefused', message: 'Replicate did not accept the API token' },
	402: {
		code: 'noCredit',
		message: 'The Replicate account does not have enough credit to run this model',
	},
	403: { code: 'forbidden', message: 'Replicate refused the request (403)' },
	404: { code: 'notFound', message: 'Replicate could not find what was asked for' },
	413: {
		code: 'requestTooLarge',
		message: 'Replicate refused the request because it is too large',
	},
	422: { code: 'invalidRequest', message: 'Replicate refused the request' },
	429: {
		code: 'throttled',
		message: 'Replicate is limiting how fast this account may send requests',
	},
};

function wordsOf(status: number): { code: ResponseCode; message: string } {
	if (status >= 500) {
		const message = `Replicate is not available right now (HTTP ${status})`;
		return { code: 'unavailable', message };
	}
	const message = `Replicate refused the request (HTTP ${status})`;
	return STATUS_WORDS[status] ?? { code: 'refused', message };
}

/**
 * The error for a response whose status is not 2xx, with the time for which its server asks to wait.
 *
 * @param text the body, or its beginning, of any form: problem JSON, other JSON, a proxy's HTML, empty
 * @param what what was asked for, in words, for a 404 ("the model owner/name")
 */
export function errorFromResponse(
	status: number,
	headers: Record<string, string | string[] | undefined>,
	text: string,
	what?: string,
): ApiError {
	const body = parseObject(text);
	const said = saidBy(body);
	const words = wordsOf(status);
	let { message } = words;
	if (status === 404 && what) message = `Replicate could not find ${what}`;
	if (status === 422 && said) message = `${message}: ${said}`;
	const hintMs = waitHintMs({
		bodyRetryAfter: body?.retry_after,
		retryAfter: single(headers['retry-after']),
		rateLimitReset: status === 429 ? single(headers['ratelimit-reset']) : undefined,
		detail: body?.detail,
	});
	const failure = { kind: 'status', status, hintMs } as const;
	return new ApiError(message, { code: words.code, status, said }, failure, body);
}

function single(value: string | string[] | undefined): string | undefined {
	return Array.isArray(value) ? value[0] : value;
}

function parseObject(text: string): JsonObject | undefined {
	try {
		const value = withoutDepths(JSON.parse(text) as JsonValue);
		return isNested(value) && !Array.isArray(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

/** Replicate's own words, on one line: the invalid fields of a 422, else `detail`, `error` or `title`. */
function saidBy(body: JsonObject | undefined): string | undefined {
	if (!body) return undefined;
	const fields = Array.isArray(body.invalid_fields) ? body.invalid_fields : [];
	const listed = fields.map(wordsOfField).filter((line) => line !== '');
	if (listed.length > 0) return oneLine(listed.join('; '));
	const text = [body.detail, body.error, body.title].find((value) => typeof value === 'string');
	return text === undefined ? undefined : oneLine(String(text));
}

/** One failed field as Replicate lists it in a 422 (wording of the gojsonschema library). */
function wordsOfField(value: JsonValue): string {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
	const { field, description } = value;
	const name = typeof field === 'string' ? field.replace(/^input\.?/, '') : '';
	return [name, typeof description === 'string' ? description : ''].filter(Boolean).join(': ');
}
