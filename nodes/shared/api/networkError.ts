import { ApiError } from './errors';

/** The reason of a response that lacks what the package cannot do without. */
export const UNEXPECTED_RESPONSE = 'UNEXPECTED_RESPONSE';

const WORDS: Record<string, string> = {
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'the host name is unknown',
	EAI_AGAIN: 'the name server did not respond',
	CONNECT_TIMEOUT: 'connecting took too long',
	RESPONSE_TIMEOUT: 'it took too long to respond',
	BODY_TIMEOUT: 'the data stopped arriving',
	PROXY_REFUSED: 'the proxy refused to connect',
	TIME_UP: 'it took too long to respond',
	STALLED: 'the transfer stalled',
	INCOMPLETE: 'fewer or more bytes came than were announced',
	NOT_JSON: 'the response is not JSON',
	[UNEXPECTED_RESPONSE]: 'the response is not what Replicate’s API describes',
	LOST_BEFORE: 'the response of an earlier try was lost',
	PRIVATE_ADDRESS: 'the host is in a private network',
};

/**
 * The error for a request that got no usable response. The code is left out of the message, because
 * n8n replaces a message that contains a system's error code by a text of its own.
 *
 * @param origin    of the server
 * @param code      the system's error code, or one of ours
 * @param sent      whether the server may have seen the request
 * @param permanent whether trying again cannot help
 */
export function errorFromNetwork(
	origin: string,
	code: string,
	sent: boolean,
	permanent = false,
): ApiError {
	const words = WORDS[code] ?? 'the connection broke';
	return new ApiError(
		`Could not get a response from ${origin}: ${words}`,
		{ code: 'noResponse', origin, reason: code },
		{ kind: 'network', code, sent, permanent },
	);
}
