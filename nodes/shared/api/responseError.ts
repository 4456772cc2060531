import type { ErrorCode, ErrorFacts } from './errorFacts';
import { ApiError } from './errors';
import { waitHintMs } from './retry';
import { readSaid } from './said';

/** The codes whose facts are those of a response. */
type ResponseCode = {
	[C in ErrorCode]: ErrorFacts<C> extends { status: number } ? C : never;
}[ErrorCode];

interface StatusWords {
	code: ResponseCode;
	/** Where Replicate says it, or nobody does. */
	message: string;
	/** Where a gateway or a proxy says it. */
	byGateway?: string;
}

const STATUS_WORDS: Record<number, StatusWords> = {
	400: { code: 'badRequest', message: 'Replicate could not read the request' },
	401: {
		code: 'tokenRefused',
		message: 'Replicate did not accept the API token',
		byGateway: 'The credential was not accepted (401)',
	},
	402: {
		code: 'noCredit',
		message: 'The Replicate account does not have enough credit to run this model',
		byGateway: 'The request was refused because of a payment or a spending limit (402)',
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
		byGateway: 'The gateway is limiting how fast requests may be sent',
	},
};

const SPEND_LIMITED: StatusWords = {
	code: 'spendLimited',
	message: 'A spending limit of the gateway is reached',
};

/** How gateways word a limit in money (Cloudflare's AI Gateway, documentation of its spend limits). */
const MONEY = /\b(?:spend|spending|budgets?|costs?)\b/i;
const LIMITED = /\b(?:limits?|limited|caps?|exceeds?|exceeded|reached|exhausted|over)\b/i;

function wordsOf(status: number): StatusWords {
	if (status >= 500) {
		const message = `Replicate is not available right now (HTTP ${status})`;
		return { code: 'unavailable', message };
	}
	const message = `Replicate refused the request (HTTP ${status})`;
	return STATUS_WORDS[status] ?? { code: 'refused', message };
}

/** What is known of the request that an error answers. */
interface Refused {
	/** What was asked for, in words, for a 404 ("the model owner/name"). */
	what?: string;
	/** Whether the request held files, which may be why it was refused. */
	hasFiles?: boolean;
}

/**
 * The error for a response whose status is not 2xx, with the time for which its server asks to wait.
 *
 * @param text the body, or its beginning, of any form: problem JSON, other JSON, a proxy's HTML, empty
 */
export function errorFromResponse(
	status: number,
	headers: Record<string, string | string[] | undefined>,
	text: string,
	{ what, hasFiles = false }: Refused = {},
): ApiError {
	const { words: said, body, isReplicates, namesValue } = readSaid(text);
	const isGateways = !isReplicates;
	const isSpending =
		status === 429 && isGateways && MONEY.test(said ?? '') && LIMITED.test(said ?? '');
	const {
		code,
		message: replicates,
		byGateway = replicates,
	} = isSpending ? SPEND_LIMITED : wordsOf(status);
	let message = isGateways ? byGateway : replicates;
	if (status === 404 && what) message = `Replicate could not find ${what}`;
	if (status === 422 && said) message = `${message}: ${said}`;
	const hintMs = waitHintMs({
		bodyRetryAfter: body?.retry_after,
		retryAfter: single(headers['retry-after']),
		rateLimitReset: status === 429 ? single(headers['ratelimit-reset']) : undefined,
		detail: body?.detail,
	});
	const isFinal = isSpending && hintMs === undefined;
	const failure = { kind: 'status', status, hintMs, ...(isFinal ? { isFinal } : {}) } as const;
	const facts = {
		code,
		status,
		said,
		...(isGateways ? { isGateways } : {}),
		...(namesValue ? { namesValue } : {}),
		...(hasFiles ? { hasFiles } : {}),
	};
	return new ApiError(message, facts, failure, body);
}

function single(value: string | string[] | undefined): string | undefined {
	return Array.isArray(value) ? value[0] : value;
}
