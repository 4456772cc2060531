import type { IncomingHttpHeaders } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { name, version } from '../../../package.json';
import { ReplicateError, StoppedError } from './errors';
import { errorFromNetwork } from './networkError';
import { guardedLookup } from './guardedLookup';
import { mayHaveBeenSent } from './retry';

/** The time to open a connection, in ms. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Never sent through a proxy: the sandbox and other servers on this machine. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

export const USER_AGENT = `${name}/${version}`;

export interface HttpRequest {
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	url: URL;
	headers?: Record<string, string>;
	body?: string | Readable;
	/** Time from the request's end to the answer's headers, in ms; 0 for no limit. */
	headersTimeoutMs: number;
	/** Longest pause between two pieces of the answer's body, in ms. */
	bodyTimeoutMs: number;
	signal?: AbortSignal;
	/** Refuses names that point into a private network; `here` also allows this machine. */
	guard?: 'public' | 'here';
}

export interface HttpAnswer {
	status: number;
	headers: IncomingHttpHeaders;
	/** Must be read to its end, or dumped: what is left unread holds its connection. */
	body: Readable & { text(): Promise<string>; dump(): Promise<void> };
}

/**
 * Sends one request and gives the answer as soon as its headers are there. Redirects are not
 * followed and no status is an error: that is for the caller to decide.
 *
 * @throws StoppedError when `signal` is aborted
 * @throws ApiError     of kind `network` for everything else
 */
export async function send(request: HttpRequest): Promise<HttpAnswer> {
	const { dispatchers, undici } = await connections();
	const dispatcher = dispatchers[request.guard ?? 'none'];
	return await undici
		.request(request.url, {
			dispatcher,
			method: request.method,
			headers: { 'user-agent': USER_AGENT, ...request.headers },
			body: request.body,
			headersTimeout: request.headersTimeoutMs,
			bodyTimeout: request.bodyTimeoutMs,
			signal: request.signal,
		})
		.then(
			({ statusCode, headers, body }) => ({ status: statusCode, headers, body }),
			(error: unknown) => {
				throw transportError(error, request.url, request.signal);
			},
		);
}

/** Any error of a connection as one of ours. An error that is one already stays as it is. */
export function transportError(error: unknown, url: URL, signal?: AbortSignal): ReplicateError {
	if (error instanceof ReplicateError) return error;
	if (signal?.aborted) {
		return signal.reason instanceof ReplicateError ? signal.reason : new StoppedError();
	}
	const code = codeOf(error);
	return errorFromNetwork(url.origin, code, mayHaveBeenSent(code));
}

/** undici's error codes in our words. */
const UNDICI_CODES: Record<string, string> = {
	UND_ERR_CONNECT_TIMEOUT: 'CONNECT_TIMEOUT',
	UND_ERR_HEADERS_TIMEOUT: 'RESPONSE_TIMEOUT',
	UND_ERR_BODY_TIMEOUT: 'BODY_TIMEOUT',
};

function codeOf(error: unknown): string {
	const { code, cause, message } = error as {
		code?: string;
		cause?: { code?: string };
		message?: string;
	};
	// undici gives a refused CONNECT the code of an aborted request.
	if (message?.includes('HTTP Tunneling')) return 'PROXY_REFUSED';
	const known = code ?? cause?.code ?? message ?? 'unknown error';
	return UNDICI_CODES[known] ?? known;
}

interface Connections {
	undici: typeof import('undici');
	dispatchers: Record<'none' | 'public' | 'here', Dispatcher>;
}

let opened: Promise<Connections> | undefined;

/**
 * The process's connections: one keep-alive pool per origin, through the proxies that `HTTP_PROXY`,
 * `HTTPS_PROXY` and `NO_PROXY` name. undici is loaded when first needed, so that n8n starts fast.
 */
async function connections(): Promise<Connections> {
	opened ??= import('undici').then((undici) => {
		const open = (lookup?: LookupFunction) =>
			new undici.EnvHttpProxyAgent({
				connect: { timeout: CONNECT_TIMEOUT_MS, ...(lookup ? { lookup } : {}) },
				noProxy: [process.env.no_proxy ?? process.env.NO_PROXY ?? '', ...LOOPBACK].join(','),
			});
		return {
			undici,
			// Through a proxy, the proxy looks names up: what it may reach is its operator's affair.
			dispatchers: {
				none: open(),
				public: open(guardedLookup(false)),
				here: open(guardedLookup(true)),
			},
		};
	});
	return await opened;
}
