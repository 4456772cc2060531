import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Shape } from './shape';
import { CreateGate } from './createGate';
import { parseBaseUrl, parseToken } from './credential';
import { errorFromNetwork, UNEXPECTED_RESPONSE } from './networkError';
import { stringifyJson, withoutDepths } from './json';
import { errorFromResponse } from './responseError';
import type { RetryPolicy } from './retry';
import { TimeLimit } from './timeLimit';
import { send, transportError, type HttpAnswer } from './transport';
import { withRetries } from './withRetries';

/** How long an answer may take, in ms, beyond what the server was asked to hold the request. */
const ANSWER_MS = 30_000;
/** How long an answer's body may take, in ms; a longer pause in it ends it sooner. */
const BODY_MS = 60_000;
/** Longest pause inside an answer's body, in ms. */
const BODY_PAUSE_MS = 30_000;
/** How long a read may take with all its tries, in ms, where nothing else limits it. */
const READ_MS = 120_000;
/** Longest pause while a body is sent, and before its answer, in ms. */
const UPLOAD_PAUSE_MS = 120_000;
/** Shorter tokens, such as a gateway's own "x", would be found in any text. Replicate's have 40. */
const SHORTEST_TOKEN = 8;

export interface ReplicateCredential {
	apiToken: string;
	/** For example `https://api.replicate.com/v1`; without TLS only on loopback. */
	baseUrl: string;
}

export interface CallOptions {
	query?: Record<string, string | undefined>;
	headers?: Record<string, string>;
	/** How long the server was asked to hold the request, in ms. */
	holdMs?: number;
	/** When the answer must be there, as a time in ms; no further try begins after it. */
	until?: number;
	signal?: AbortSignal;
	/** What is asked for, in words, for the error when it does not exist ("model owner/name"). */
	what?: string;
}

export interface ShapedCall<T> extends CallOptions {
	/** What the response must be. */
	shape: Shape<T>;
}

export interface UploadOptions extends CallOptions {
	/** How long an upload that does not get on is borne, in ms, before it is given up. */
	patienceMs?: number;
}

/** A request body that can be made anew for each try. */
export interface StreamedBody {
	headers: Record<string, string>;
	open(): Promise<Readable>;
}

/** Replicate's HTTP API for one credential. The token goes to the base URL's origin only. */
export class ReplicateClient {
	/** Lets the creates of this client pass; closed by a 429. */
	readonly creates = new CreateGate();
	readonly baseUrl: URL;
	/** The server's clock minus ours, in ms, from the `Date` of the last answer (1 s resolution). */
	private clockOffsetMs?: number;
	/** Tells clients of different accounts apart, without the token itself. */
	readonly identity: string;
	private readonly token: string;

	/** @throws InputError for a base URL or a token that cannot be used */
	constructor({ apiToken, baseUrl }: ReplicateCredential) {
		this.baseUrl = parseBaseUrl(baseUrl);
		this.token = parseToken(apiToken);
		this.identity = createHash('sha256')
			.update(`${this.baseUrl.href} Bearer ${this.token}`)
			.digest('hex');
	}

	/** Reads something. Tried again while the failure may pass. */
	async get<T>(path: string, options: ShapedCall<T>): Promise<T> {
		return await this.call('GET', path, 'read', undefined, options, this.reader(options));
	}

	/**
	 * The server's clock minus ours, in ms, to one second. Asked for by a small read where nothing was
	 * read before.
	 */
	async clockOffset(options: CallOptions = {}): Promise<number> {
		if (this.clockOffsetMs === undefined) await this.getText('/account', options);
		return this.clockOffsetMs ?? 0;
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

	/** Starts paid work. Sent again only if it certainly was not accepted; a 429 is the caller's. */
	async create<T>(path: string, body: object, options: ShapedCall<T>): Promise<T> {
		return await this.call(
			'POST',
			path,
			'create',
			stringifyJson(body),
			options,
			this.reader(options),
		);
	}

	/** Makes something that costs nothing by itself. Sent again only if it certainly did not arrive. */
	async post<T>(path: string, body: object, options: ShapedCall<T>): Promise<T> {
		return await this.call(
			'POST',
			path,
			'create',
			stringifyJson(body),
			options,
			this.reader(options),
		);
	}

	/** Changes something. Sent again only if it certainly did not arrive. */
	async patch<T>(path: string, body: object, options: ShapedCall<T>): Promise<T> {
		return await this.call(
			'PATCH',
			path,
			'create',
			stringifyJson(body),
			options,
			this.reader(options),
		);
	}

	/** Asks for something that may be asked for only once, such as a cancellation. */
	async postOnce<T>(path: string, options: ShapedCall<T>): Promise<T> {
		return await this.call('POST', path, 'once', undefined, options, this.reader(options));
	}

	/**
	 * Sends a streamed body, however long it takes as long as it moves on.
	 *
	 * @throws ApiError when Replicate refuses it or the connection breaks for good
	 */
	async upload<T>(
		path: string,
		body: StreamedBody,
		options: UploadOptions & ShapedCall<T>,
	): Promise<T> {
		const { patienceMs = Infinity, signal, shape } = options;
		// Half of it, so that what stalls can be tried again.
		const pauseMs = Math.min(UPLOAD_PAUSE_MS, patienceMs / 2);
		const attempt = async () => {
			const limit = new TimeLimit(this.baseUrl.origin, pauseMs, 'STALLED', signal);
			const sent = async () => {
				const answer = await send({
					method: 'POST',
					url: this.url(path),
					headers: { ...this.headers(), ...body.headers },
					body: limit.watch(await body.open()),
					headersTimeoutMs: 0,
					bodyTimeoutMs: BODY_PAUSE_MS,
					signal: limit.signal,
				});
				return this.parse(await this.read(answer, options, limit.signal), shape);
			};
			return await sent().finally(() => limit.end());
		};
		return await withRetries('upload', attempt, { signal, until: Date.now() + patienceMs });
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

	private headers(): Record<string, string> {
		return { authorization: `Bearer ${this.token}`, accept: 'application/json' };
	}

	/** One request, with what its policy allows of further tries. */
	private async call<T>(
		method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
		path: string,
		policy: RetryPolicy,
		body: string | undefined,
		options: CallOptions,
		parse: (text: string) => T,
	): Promise<T> {
		const contentType: Record<string, string> =
			body === undefined ? {} : { 'content-type': 'application/json' };
		const { holdMs = 0, signal: outer } = options;
		const { until = policy === 'read' ? Date.now() + READ_MS : Infinity } = options;
		const attempt = async () => {
			const mostMs = Math.min(holdMs + ANSWER_MS + BODY_MS, Math.max(until - Date.now(), 0));
			const limit = new TimeLimit(this.baseUrl.origin, mostMs, 'TIME_UP', outer);
			const answered = async () => {
				const answer = await send({
					method,
					url: this.url(path, options.query),
					headers: { ...this.headers(), ...contentType, ...options.headers },
					body,
					headersTimeoutMs: holdMs + ANSWER_MS,
					bodyTimeoutMs: BODY_PAUSE_MS,
					signal: limit.signal,
				});
				return parse(await this.read(answer, options, limit.signal));
			};
			return await answered().finally(() => limit.end());
		};
		return await withRetries(policy, attempt, { signal: outer, until });
	}

	private reader<T>({ shape }: ShapedCall<T>): (text: string) => T {
		return (text) => this.parse(text, shape);
	}

	/** @throws ApiError for any status but 2xx */
	private async read(
		{ status, headers, body }: HttpAnswer,
		{ what }: CallOptions,
		signal: AbortSignal,
	): Promise<string> {
		const serverTime = Date.parse(String(headers.date ?? ''));
		if (!Number.isNaN(serverTime)) this.clockOffsetMs = serverTime - Date.now();
		const answer = await body.text().catch((error: unknown) => {
			throw transportError(error, this.baseUrl, signal);
		});
		const text = this.withoutToken(answer);
		if (status < 200 || status > 299) throw errorFromResponse(status, headers, text, what);
		return text;
	}

	/** A gateway may repeat the request in its answer, as debug pages do. */
	private withoutToken(text: string): string {
		return this.token.length < SHORTEST_TOKEN ? text : text.replaceAll(this.token, '[API token]');
	}

	/** @throws ApiError for an answer of another shape: it was accepted, only the answer is lost */
	private parse<T>(text: string, shape: Shape<T>): T {
		let answer: unknown;
		try {
			answer = withoutDepths(JSON.parse(text) as unknown);
		} catch {
			// Below.
		}
		const isJson = answer !== undefined;
		const read = isJson ? shape(answer) : undefined;
		if (read !== undefined) return read;
		throw errorFromNetwork(this.baseUrl.origin, isJson ? UNEXPECTED_RESPONSE : 'NOT_JSON', true);
	}
}
