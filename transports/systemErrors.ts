import { PRIVATE_ADDRESS, type ConnectionFailure } from '../nodes/shared/api/transport';

/** Errors of Node's that come only before a byte of the request has left. */
const BEFORE_SENDING = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EADDRNOTAVAIL',
	'CONNECT_TIMEOUT',
	'PROXY_REFUSED',
	'PROXY_SILENT',
]);
/** Errors that can come at any time; while connecting, nothing was sent yet. */
const AT_ANY_TIME = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ECONNRESET']);
/** A certificate or a TLS version is refused before the request is sent, and stays refused. */
const REFUSED_BY_TLS = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|VERSION|PROTOCOL|HANDSHAKE/;

/** What the code of one of Node's errors means. What cannot be told counts as "may have been sent". */
export function systemFailure(code: string, syscall?: string): ConnectionFailure {
	const permanent = code === PRIVATE_ADDRESS || REFUSED_BY_TLS.test(code);
	const isConnecting = syscall === 'connect' && AT_ANY_TIME.has(code);
	return { code, sent: !permanent && !isConnecting && !BEFORE_SENDING.has(code), permanent };
}

/** An error's own code and system call, or those of what caused it. */
export function systemCodeOf(error: unknown): { code: string; syscall?: string } {
	const { code, syscall, cause, errors, message } = error as {
		code?: unknown;
		syscall?: string;
		cause?: { code?: unknown; syscall?: string; errors?: Array<{ syscall?: string }> };
		/** Of an `AggregateError`: one for each address of a name. */
		errors?: Array<{ syscall?: string }>;
		message?: string;
	};
	const named = [code, cause?.code].find((one) => typeof one === 'string' && one !== '');
	// Node's own client has one code for all of OpenSSL's errors; the reason is in its text.
	const isHandshake = named === 'EPROTO' && /version|handshake/i.test(message ?? '');
	return {
		code: isHandshake
			? 'TLS_HANDSHAKE'
			: ((named as string | undefined) ?? message ?? 'unknown error'),
		syscall: syscall ?? cause?.syscall ?? (errors ?? cause?.errors)?.[0]?.syscall,
	};
}
