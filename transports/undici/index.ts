import { Readable } from 'node:stream';
import {
	isStreamed,
	type HttpRequest,
	type HttpResponse,
	type ResponseBody,
	type Transport,
} from '../../nodes/shared/api/transport';
import { USER_AGENT } from '../userAgent';
import { connections } from './connections';
import { failureOf } from './failure';

/** How much is read ahead of what was sent, or of what n8n has stored, in bytes. */
const READ_AHEAD_BYTES = 1024 * 1024;

/**
 * Sends requests with undici, over connections that all runs of all nodes share: kept alive, through
 * proxies, with names looked up under guard.
 */
export const openTransport = (): Transport => ({ send, failureOf });

async function send(request: HttpRequest): Promise<HttpResponse> {
	const { dispatchers, undici } = await connections();
	const { body } = request;
	await waitUntilFree();
	const { statusCode, headers, ...response } = await undici.request(request.url, {
		dispatcher: dispatchers[request.guard ?? 'none'],
		method: request.method,
		headers: { 'user-agent': USER_AGENT, ...request.headers },
		body: isStreamed(body) ? toStream(body) : body,
		// The caller limits the time, by its signal.
		headersTimeout: 0,
		bodyTimeout: 0,
		signal: request.signal,
	});
	return { status: statusCode, headers, body: responseBody(response.body) };
}

/**
 * Waits until the connections of responses that have just ended are free again: undici keeps them back
 * for one round of the event loop, and would open a new one for a request that follows at once.
 */
async function waitUntilFree(): Promise<void> {
	await new Promise<void>((resolve) => setImmediate(resolve));
}

function responseBody(body: Readable): ResponseBody {
	// A body that is not read to its end reports an error, which nobody waits for.
	body.on('error', () => undefined);
	return {
		[Symbol.asyncIterator]: () => body[Symbol.asyncIterator]() as AsyncIterator<Buffer>,
		discard: () => void body.destroy(),
		toStream,
	};
}

function toStream(chunks: AsyncIterable<Uint8Array>): Readable {
	return Readable.from(chunks, { objectMode: false, highWaterMark: READ_AHEAD_BYTES });
}
