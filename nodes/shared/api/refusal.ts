import { errorFromAnswer, type ApiError } from './errors';
import { waitHintMs } from './retry';
import type { ResponseHeaders } from './transport';

/**
 * The error for a response that is not a success, with the time for which its server asks to wait.
 *
 * @param text the response's body, or its beginning
 * @param what what was asked for, in words, for a 404
 */
export function refusalFrom(
	status: number,
	headers: ResponseHeaders,
	text: string,
	what?: string,
): ApiError {
	const { body } = errorFromAnswer(status, text);
	const hint = waitHintMs({
		bodyRetryAfter: body?.retry_after,
		retryAfter: single(headers['retry-after']),
		rateLimitReset: status === 429 ? single(headers['ratelimit-reset']) : undefined,
		detail: body?.detail,
	});
	return errorFromAnswer(status, text, hint, what);
}

function single(value: string | string[] | undefined): string | undefined {
	return Array.isArray(value) ? value[0] : value;
}
