import { ApiError } from './errors';

/** The reason of a response that lacks what the package cannot do without. */
export const UNEXPECTED_RESPONSE = 'UNEXPECTED_RESPONSE';

/** The reason of a response that has more bytes than are read. */
export const TOO_LARGE = 'TOO_LARGE';

/** OpenSSL's codes for a certificate that nobody known has signed, or that was withdrawn. */
const UNTRUSTED_CODE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/;
/** OpenSSL's codes for two sides that have no version or cipher in common, or no TLS at all. */
const NO_TLS_CODE = /VERSION|PROTOCOL|HANDSHAKE/;

const WORDS: Record<string, string> = {
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'the host name is unknown',
	EAI_AGAIN: 'the name server did not respond',
	CONNECT_TIMEOUT: 'connecting took too long',
	BODY_TIMEOUT: 'the data stopped arriving',
	PROXY_REFUSED: 'the proxy refused to connect',
	PROXY_SILENT: 'the proxy did not respond',
	TIME_UP: 'it took too long',
	STALLED: 'the transfer stalled',
	INCOMPLETE: 'fewer or more bytes arrived than were announced',
	NOT_JSON: 'the response is not JSON',
	[UNEXPECTED_RESPONSE]: 'the response is not what Replicate’s API describes',
	LOST_BEFORE: 'the response of an earlier try was lost',
	[TOO_LARGE]: 'the response is too large to be read',
	CERT_HAS_EXPIRED: 'its certificate has expired',
	CERT_NOT_YET_VALID: 'its certificate is not valid yet, or the clock of this machine is wrong',
	ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
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
	const words = WORDS[code] ?? tlsWords(code) ?? 'the connection broke';
	return new ApiError(
		`Could not get a response from ${origin}: ${words}`,
		{ code: 'noResponse', origin, reason: code },
		{ kind: 'network', code, sent, permanent },
	);
}

function tlsWords(code: string): string | undefined {
	if (isUntrusted(code)) return 'its certificate is not trusted';
	return NO_TLS_CODE.test(code) ? 'no encrypted connection (TLS) could be agreed on' : undefined;
}

/** Whether the machine does not trust a server's certificate, by the system's error code. */
export function isUntrusted(code: string): boolean {
	return UNTRUSTED_CODE.test(code);
}
