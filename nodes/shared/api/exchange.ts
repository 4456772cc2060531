import { ReplicateError, StoppedError } from './errors';
import { errorFromNetwork } from './networkError';
import { whenAborted } from './stop';
import { TimeLimit, type Limits } from './timeLimit';
import {
	isStreamed,
	type HttpRequest,
	type HttpResponse,
	type ResponseBody,
	type Transport,
} from './transport';

/** How much is kept of a text that is too long, in bytes. */
const BEGINNING_BYTES = 65_536;

/**
 * Sends one request under time limits, which hold until the response's body was read or discarded.
 *
 * @throws StoppedError when the caller's signal is aborted; so does the body
 * @throws ApiError     of kind `network` when the connection breaks; so does the body
 */
export async function exchange(
	transport: Transport,
	request: Omit<HttpRequest, 'signal'>,
	limits: Limits,
): Promise<HttpResponse> {
	const { url, body } = request;
	const limit = new TimeLimit(url, limits);
	const { signal } = limit;
	const sent = isStreamed(body) ? { ...request, body: watch(body, limit) } : request;
	const fail = (error: unknown): never => {
		limit.end();
		throw connectionError(error, url, transport, signal);
	};
	const response = await sendUntilAborted(transport, { ...sent, signal }).catch(fail);
	limit.responded();
	return { ...response, body: new LimitedBody(response.body, limit, fail) };
}

/** A transport may notice an abort late, such as while it connects; nobody waits for that. */
async function sendUntilAborted(transport: Transport, request: HttpRequest): Promise<HttpResponse> {
	const sending = transport.send(request);
	return await new Promise<HttpResponse>((resolve, reject) => {
		const letGo = whenAborted(request.signal, () => {
			reject(request.signal.reason);
			void sending.then(
				({ body }) => body.discard(),
				() => undefined,
			);
		});
		void sending.then(resolve, reject).finally(letGo);
	});
}

/** The same chunks; with each that is taken, the pause begins anew. */
async function* watch(
	chunks: AsyncIterable<Uint8Array>,
	limit: TimeLimit,
): AsyncGenerator<Uint8Array> {
	for await (const chunk of chunks) {
		limit.moved();
		yield chunk;
	}
}

/** A response's body whose time is limited and whose errors are ours. */
class LimitedBody implements ResponseBody {
	constructor(
		private readonly body: ResponseBody,
		private readonly limit: TimeLimit,
		private readonly fail: (error: unknown) => never,
	) {}

	async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
		const chunks = this.body[Symbol.asyncIterator]();
		try {
			for (;;) {
				const next = await chunks.next().catch(this.fail);
				if (next.done) return;
				this.limit.moved();
				yield next.value;
			}
		} finally {
			this.limit.end();
			// Nothing is left of a body that was read to its end.
			this.body.discard();
		}
	}

	discard(): void {
		this.limit.end();
		this.body.discard();
	}

	toStream(chunks: AsyncIterable<Uint8Array>) {
		return this.body.toStream(chunks);
	}
}

/** Any error of a connection as one of ours. An error that is one already stays as it is. */
function connectionError(
	error: unknown,
	{ origin }: URL,
	transport: Transport,
	signal: AbortSignal,
): ReplicateError {
	// A body that could not be read from n8n's store: some libraries wrap its error.
	const own = [error, (error as { cause?: unknown }).cause].find(isOwn);
	if (own) return own;
	if (signal.aborted) return isOwn(signal.reason) ? signal.reason : new StoppedError(signal);
	const { code, sent, permanent } = transport.failureOf(error);
	return errorFromNetwork(origin, code, sent, permanent);
}

function isOwn(error: unknown): error is ReplicateError {
	return error instanceof ReplicateError;
}

/** A whole body as text. */
export async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of body) chunks.push(chunk);
	return new TextDecoder().decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
}

/**
 * A body as text, as far as it is not longer than allowed; the rest is not read.
 *
 * @param announced its length as the server says, in bytes: of a longer one only the first chunk is read
 */
export async function textUpTo(
	body: ResponseBody,
	maxBytes: number,
	announced = 0,
): Promise<{ text: string; isWhole: boolean }> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	let isWhole = true;
	for await (const chunk of body) {
		chunks.push(chunk);
		bytes += chunk.length;
		isWhole = Math.max(bytes, announced) <= maxBytes;
		if (!isWhole) break;
	}
	const all = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
	return {
		text: new TextDecoder().decode(isWhole ? all : all.subarray(0, BEGINNING_BYTES)),
		isWhole,
	};
}

/**
 * The beginning of a text, at most so many bytes: an error page of a strange host may be endless, or
 * break off.
 */
export async function beginningOf(body: ResponseBody, maxBytes: number): Promise<string> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	const iterator = body[Symbol.asyncIterator]();
	while (bytes < maxBytes) {
		const next = await iterator.next().catch(() => ({ done: true, value: undefined }) as const);
		if (next.done) break;
		chunks.push(next.value);
		bytes += next.value.length;
	}
	body.discard();
	return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, maxBytes));
}
