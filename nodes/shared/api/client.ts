import { createHash } from 'node:crypto';
import { now } from './clock';
import type { Shape } from './shape';
import { CreateGate } from './createGate';
import { parseBaseUrl, parseToken } from './credential';
import { errorFromNetwork, UNEXPECTED_RESPONSE } from './networkError';
import { exchange, textUpTo } from './exchange';
import { gatewayHeaders } from './gatewayHeaders';
import { withoutDepths } from './json';
import { jsonBody } from './jsonBody';
import { ownFileUrl, type OwnFile } from './ownFiles';
import { errorFromResponse } from './responseError';
import type { RetryPolicy } from './retry';
import { RetryBudget } from './retryBudget';
import { secretsOf, withoutSecrets } from './secrets';
import type { HttpRequest, HttpResponse, Transport } from './transport';
import { MAX_TRANSFER_MS } from './timeLimit';
import { MAX_RESPONSE_BYTES, tooLarge } from './tooLarge';
import { withRetries } from './withRetries';

/** How long a response may take, in ms, beyond what the server was asked to hold the request. */
const RESPONSE_MS = 30_000;
/** How long a response's body may take, in ms; a longer pause in it ends it sooner. */
const BODY_MS = 60_000;
/** The longest pause inside a response's body, in ms. */
const BODY_PAUSE_MS = 30_000;
/** How long a read may take with all its retries, in ms, where nothing else limits it. */
const READ_MS = 120_000;
/** The longest pause while a body is sent, and before its response, in ms. */
const UPLOAD_PAUSE_MS = 120_000;

export interface ReplicateCredential {
	apiToken: string;
	/** For example `https://api.replicate.com/v1`; without TLS only on loopback. */
	baseUrl: string;
	/** What a gateway asks for besides the token; see `gatewayHeaders`. */
	headers?: unknown;
}

export interface CallOptions {
	query?: Record<string, string | undefined>;
	headers?: Record<string, string>;
	/** How long the server was asked to hold the request, in ms. */
	holdMs?: number;
	/** When the response must be there, as a time in ms; no retry begins after it. */
	until?: number;
	signal?: AbortSignal;
	/** What is asked for, in words, for the error when it does not exist ("model owner/name"). */
	what?: string;
}

interface ShapedCall<T> extends CallOptions {
	/** What the response must be. */
	shape: Shape<T>;
}

/** A request body that can be opened anew for each retry. */
export interface StreamedBody {
	headers: Record<string, string>;
	open(): Promise<AsyncIterable<Uint8Array>>;
}

/** Replicate's HTTP API for one credential. The token goes to the base URL's origin only. */
export class ReplicateClient {
	/** Lets the creates of this client pass; closed by a 429. */
	readonly creates = new CreateGate();
	/** How often its reads may be tried again, all together. */
	private readonly reads = new RetryBudget();
	readonly baseUrl: URL;
	/** The server's clock minus ours, in ms, from the `Date` of the last response (1 s resolution). */
	private clockOffsetMs?: number;
	/** Tells clients of different accounts apart, without the token itself. */
	readonly identity: string;
	/** What says who asks: for the base URL's origin only. */
	private readonly credentials: Record<string, string>;
	/** What must not be in any response, with what replaces it. */
	private readonly secrets: Map<string, string>;

	/**
	 * @param transport sends this client's requests
	 * @throws InputError for a base URL, a token or a header that cannot be used
	 */
	constructor(
		{ apiToken, baseUrl, headers }: ReplicateCredential,
		readonly transport: Transport,
	) {
		this.baseUrl = parseBaseUrl(baseUrl);
		const token = parseToken(apiToken);
		const gateway = gatewayHeaders(headers);
		this.credentials = { ...gateway, authorization: `Bearer ${token}` };
		this.secrets = secretsOf(token, Object.values(gateway));
		this.identity = createHash('sha256')
			.update(JSON.stringify([this.baseUrl.href, this.credentials]))
			.digest('hex');
	}

	/** Reads something. Tried again while the failure may pass. */
	async get<T>(path: string, options: ShapedCall<T>): Promise<T> {
		return await this.call('GET', path, 'read', undefined, options, this.reader(options));
	}

	/**
	 * The server's clock minus our own, in ms, to one second. Asked for by a small read where nothing was
	 * read before; a response that refuses it says the time as well.
	 *
	 * @throws ApiError when there is no response
	 */
	async clockOffset(options: CallOptions = {}): Promise<number> {
		if (this.clockOffsetMs === undefined) {
			await this.getText('/account', options).catch((error: unknown) => {
				if (this.clockOffsetMs === undefined) throw error;
			});
		}
		return this.clockOffsetMs ?? 0;
	}

	/** Now by the server's clock, in ms, as far as its last response says. */
	serverNow(): number {
		return now() + (this.clockOffsetMs ?? 0);
	}

	/** Reads a text, such as a model's README. Tried again while the failure may pass. */
	async getText(path: string, options: CallOptions = {}): Promise<string> {
		const headers = { accept: 'text/plain, text/markdown, */*', ...options.headers };
		return await this.call('GET', path, 'read', undefined, { ...options, headers }, (text) => text);
	}

	/** Removes something. Tried again while the failure may pass: once is as good as twice. */
	async delete(path: string, options: CallOptions = {}): Promise<void> {
		await this.call('DELETE', path, 'read', undefined, options, () => undefined);
	}

	/** Starts paid work. Sent once: what did not leave, and a 429, is the caller's, who asks the gate. */
	async create<T>(path: string, body: object, options: ShapedCall<T>): Promise<T> {
		return await this.send('POST', path, body, options, 'once');
	}

	/** Makes something that costs nothing by itself. Sent again only if it certainly did not arrive. */
	async post<T>(path: string, body: object, options: ShapedCall<T>): Promise<T> {
		return await this.send('POST', path, body, options);
	}

	/** Changes something. Sent again only if it certainly did not arrive. */
	async patch<T>(path: string, body: object, options: ShapedCall<T>): Promise<T> {
		return await this.send('PATCH', path, body, options);
	}

	/** Asks for something that may be asked for only once, such as a cancellation. */
	async postOnce<T>(path: string, options: ShapedCall<T>): Promise<T> {
		return await this.call('POST', path, 'once', undefined, options, this.reader(options));
	}

	/**
	 * Sends a streamed body: within an hour at most, or by `until`, as long as it moves on.
	 *
	 * @throws ApiError when Replicate refuses it or the connection breaks for good
	 */
	async upload<T>(path: string, body: StreamedBody, options: ShapedCall<T>): Promise<T> {
		const { until = now() + MAX_TRANSFER_MS, signal, shape } = options;
		// Half of it, so that what stalls can be tried again.
		const responseMs = Math.min(UPLOAD_PAUSE_MS, (until - now()) / 2);
		const attempt = async () => {
			const request: Omit<HttpRequest, 'signal'> = {
				method: 'POST',
				url: this.url(path),
				headers: { ...this.headers(), ...body.headers },
				body: await body.open(),
			};
			const pauseMs = Math.min(BODY_PAUSE_MS, responseMs);
			const totalMs = Math.max(until - now(), 0);
			const limits = { totalMs, responseMs, bodyMs: responseMs, pauseMs, signal };
			const response = await exchange(this.transport, request, limits);
			return this.parse(await this.read(response, options, () => true), shape);
		};
		return await withRetries('upload', attempt, { signal, until });
	}

	/** The address of `path` under the base URL. */
	url(path: string, query: CallOptions['query'] = {}): URL {
		const url = new URL(this.baseUrl);
		url.pathname = `${this.baseUrl.pathname.replace(/\/$/, '')}${path}`;
		for (const [name, value] of Object.entries(query)) {
			if (value !== undefined) url.searchParams.set(name, value);
		}
		return url;
	}

	/** What to ask for an output file of the API's own with; `undefined` for any other address. */
	ownFile(address: URL): OwnFile | undefined {
		const url = ownFileUrl(address, this.baseUrl);
		return url && { url, headers: this.credentials };
	}

	private headers(): Record<string, string> {
		return { ...this.credentials, accept: 'application/json' };
	}

	/** One request, with the retries that its policy allows. */
	private async call<T>(
		method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
		path: string,
		policy: RetryPolicy,
		body: Buffer | undefined,
		options: CallOptions,
		parse: (text: string) => T,
	): Promise<T> {
		const contentType: Record<string, string> =
			body === undefined ? {} : { 'content-type': 'application/json' };
		const { holdMs = 0, signal } = options;
		const { until = policy === 'read' ? now() + READ_MS : Infinity } = options;
		const attempt = async () => {
			const request: Omit<HttpRequest, 'signal'> = {
				method,
				url: this.url(path, options.query),
				headers: { ...this.headers(), ...contentType, ...options.headers },
				body,
			};
			const limits = {
				totalMs: Math.min(holdMs + RESPONSE_MS + BODY_MS, Math.max(until - now(), 0)),
				responseMs: holdMs + RESPONSE_MS,
				pauseMs: BODY_PAUSE_MS,
				signal,
			};
			const response = await exchange(this.transport, request, limits);
			// Only looked for in a request that was refused.
			const hasFiles = () => body?.includes(';base64,') ?? false;
			return parse(await this.read(response, options, hasFiles));
		};
		// A create that never left is sent again in any case: there is no other way to it.
		const budget = policy === 'read' ? this.reads : undefined;
		return await withRetries(policy, attempt, { signal, until, budget });
	}

	/** A request with a JSON body, sent again only if it certainly was not accepted. */
	private async send<T>(
		method: 'POST' | 'PATCH',
		path: string,
		body: object,
		options: ShapedCall<T>,
		policy: RetryPolicy = 'create',
	): Promise<T> {
		const reader = this.reader(options);
		return await this.call(method, path, policy, jsonBody(body), options, reader);
	}

	private reader<T>({ shape }: ShapedCall<T>): (text: string) => T {
		return (text) => this.parse(text, shape);
	}

	/** @throws ApiError for any status but 2xx, and for a response that is too large */
	private async read(
		{ status, headers, body }: HttpResponse,
		{ what }: CallOptions,
		hasFiles: () => boolean,
	): Promise<string> {
		const serverTime = Date.parse(String(headers.date ?? ''));
		if (!Number.isNaN(serverTime)) this.clockOffsetMs = serverTime - now();
		const announced = Number(headers['content-length'] ?? 0);
		const read = await textUpTo(body, MAX_RESPONSE_BYTES, announced);
		// A gateway may repeat the request in its response, as debug pages do.
		const text = withoutSecrets(read.text, this.secrets);
		if (status < 200 || status > 299) {
			throw errorFromResponse(status, headers, text, { what, hasFiles: hasFiles() });
		}
		if (!read.isWhole) throw tooLarge(this.baseUrl.origin, text);
		return text;
	}

	/** @throws ApiError for a response of another shape: it was accepted, only the response is lost */
	private parse<T>(text: string, shape: Shape<T>): T {
		let json: unknown;
		try {
			json = withoutDepths(JSON.parse(text) as unknown);
		} catch {
			// Below.
		}
		const isJson = json !== undefined;
		const read = isJson ? shape(json) : undefined;
		if (read !== undefined) return read;
		throw errorFromNetwork(this.baseUrl.origin, isJson ? UNEXPECTED_RESPONSE : 'NOT_JSON', true);
	}
}
