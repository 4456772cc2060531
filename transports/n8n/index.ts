import type { IHttpRequestOptions } from 'n8n-workflow';
import {
	isStreamed,
	type ByteStream,
	type HttpHelpers,
	type HttpRequest,
	type HttpResponse,
	type OpenTransport,
	type ResponseHeaders,
} from '../../nodes/shared/api/transport';
import { whenAborted } from '../../nodes/shared/api/stop';
import { USER_AGENT } from '../userAgent';
import { failureOf } from './failure';
import { responseBody } from './responseBody';
import { SentBody } from './sentBody';

/** What n8n's helper gives of a response whose body is a stream. */
interface FullResponse {
	statusCode: number;
	headers: Record<string, string | string[] | undefined>;
	body: ByteStream;
}

/**
 * Sends requests with n8n's own helper, as packages for n8n Cloud must: a connection for each request,
 * n8n's proxies and n8n's guard of addresses.
 */
export const openTransport: OpenTransport = (helpers) => ({
	send: async (request) => await send(helpers, request),
	failureOf,
});

async function send(helpers: HttpHelpers, request: HttpRequest): Promise<HttpResponse> {
	const { method, url, headers, signal } = request;
	// The helper ends a response that is being read only by the signal of its request.
	const stop = new AbortController();
	const letGo = whenAborted(signal, () => stop.abort(signal.reason));
	const streamed = isStreamed(request.body) ? new SentBody(request.body, headers) : undefined;
	const options: IHttpRequestOptions = {
		method,
		url: url.href,
		// What is unpacked on the way could grow without end, and has no length to compare with.
		headers: { 'user-agent': USER_AGENT, 'accept-encoding': 'identity', ...headers },
		body: streamed ?? (request.body as Buffer | undefined),
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// To follow one, the helper would keep the whole body in memory.
		disableFollowRedirect: true,
		// The caller limits the time, by its signal.
		timeout: 0,
		abortSignal: stop.signal,
	};
	const end = () => {
		letGo();
		streamed?.close();
	};
	const response = await (helpers.httpRequest(options) as Promise<FullResponse>).catch(
		(error: unknown) => {
			end();
			throw error;
		},
	);
	return {
		status: response.statusCode,
		headers: plain(response.headers),
		body: responseBody(response.body, () => {
			end();
			stop.abort();
		}),
	};
}

/** The helper's headers are an object with methods, and may be of any case in older versions. */
function plain(headers: FullResponse['headers']): ResponseHeaders {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
	);
}
