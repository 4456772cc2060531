import type { IHttpRequestOptions } from 'n8n-workflow';

/**
 * What sends requests, given to the client as a value: the nodes themselves use no network, no file
 * system and no timers of Node's, so that each edition of the package brings a transport of its own.
 */
export interface Transport {
	/**
	 * Sends one request and gives the response as soon as its headers are there. Redirects are not
	 * followed and no status is an error: that is for the caller to decide.
	 *
	 * @throws whatever the connection throws; `failureOf` says what it means
	 */
	send(request: HttpRequest): Promise<HttpResponse>;
	/** What an error means that `send` threw, or the body of a response. */
	failureOf(error: unknown): ConnectionFailure;
}

/** What of n8n's helpers a transport may send with. */
export interface HttpHelpers {
	httpRequest(options: IHttpRequestOptions): Promise<unknown>;
}

/** Gives the transport of an edition of the package, for the helpers of one call of a node. */
export type OpenTransport = (helpers: HttpHelpers) => Transport;

export interface HttpRequest {
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	url: URL;
	/** Lower-case names. A body in chunks comes with its `content-type` and `content-length`. */
	headers: Record<string, string>;
	/** Whole, as bytes: n8n's helper would parse a text once more. Or in chunks. */
	body?: Buffer | AsyncIterable<Uint8Array>;
	/** Ends the request, or the response that is still being read, and closes the connection. */
	signal: AbortSignal;
	/**
	 * Refuses names that point into a private network, where the transport looks names up itself;
	 * `loopback` also allows this machine.
	 */
	guard?: 'public' | 'loopback';
}

/** Whether a request's body comes in chunks, rather than as a whole. */
export function isStreamed(body: HttpRequest['body']): body is AsyncIterable<Uint8Array> {
	return body !== undefined && !Buffer.isBuffer(body);
}

export type ResponseHeaders = Record<string, string | string[] | undefined>;

export interface HttpResponse {
	status: number;
	/** Lower-case names. */
	headers: ResponseHeaders;
	body: ResponseBody;
}

/** Must be read to its end, or discarded: what is left unread holds its connection. */
export interface ResponseBody extends AsyncIterable<Uint8Array> {
	/** Ends the response without reading the rest, and closes its connection. */
	discard(): void;
	/** Makes a Node stream of chunks, as n8n's binary store takes it. */
	toStream(chunks: AsyncIterable<Uint8Array>): ByteStream;
}

export type ByteStream = import('node:stream').Readable;

/** Why a connection gave no whole response. */
export interface ConnectionFailure {
	/** The system's error code, or one of ours, such as `CONNECT_TIMEOUT`; without a secret in it. */
	code: string;
	/** `false` means that the server certainly did not see the request, `true` that it may have. */
	sent: boolean;
	/** Whether trying again cannot help, as with an untrusted certificate. */
	permanent: boolean;
}

/** The code of the failure for a name that points into a private network. */
export const PRIVATE_ADDRESS = 'PRIVATE_ADDRESS';
