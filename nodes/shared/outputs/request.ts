import type { Readable } from 'node:stream';
import type { IBinaryData } from 'n8n-workflow';
import { isLoopbackHost } from '../api/hostNames';
import { send, type HttpAnswer } from '../api/transport';
import { mayFetch, type OutputHosts } from './hosts';
import type { NotFetched } from './notFetched';

/** Time to the first byte, and longest pause between two pieces, in ms. */
const PAUSE_MS = 60_000;
/** Redirects that are followed, each to an allowed host. */
const MAX_REDIRECTS = 5;
/** The most that is read of an error's text, in bytes. */
const MAX_ERROR_BYTES = 64 * 1024;

/** n8n's `prepareBinaryData`: takes the bytes and keeps them where the instance keeps binaries. */
export type KeepBinary = (
	bytes: Buffer | Readable,
	fileName: string,
	mimeType: string,
) => Promise<IBinaryData>;

export interface DownloadOptions {
	hosts: OutputHosts;
	keep: KeepBinary;
	/** The file's name when neither its URL nor the server gives one. */
	fallbackName: string;
	/** The name that the builder wants, without its extension. */
	chosenName?: string;
	/** Larger files are left where they are; in bytes. */
	maxBytes?: number;
	/** n8n's own rule for addresses, where the operator has switched it on: why one is blocked. */
	blockReason?: (url: URL) => Promise<string | undefined>;
	/** Longest pause between two pieces, in ms. */
	pauseMs?: number;
	/** How long a download that does not get on is borne, in ms, before it is given up. */
	patienceMs?: number;
	signal?: AbortSignal;
}

/** A file that was asked for. */
export interface Opened {
	answer: HttpAnswer;
	/** After redirects. */
	url: URL;
}

/** Asks for a file and follows redirects, each of them checked as the first address is. */
export async function open(address: URL, options: DownloadOptions): Promise<Opened | NotFetched> {
	let url = address;
	for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
		if (!mayFetch(url, options.hosts)) {
			return { notFetched: hop === 0 ? 'unknownHost' : 'redirectedAway', host: url.host };
		}
		const reason = await options.blockReason?.(url);
		if (reason !== undefined) return { notFetched: 'blocked', reason };
		const answer = await ask(url, options);
		const location = answer.status >= 300 && answer.status < 400 && answer.headers.location;
		if (!location) return { answer, url };
		discard(answer.body);
		if (!URL.canParse(location, url.href)) return { notFetched: 'redirectBroken' };
		url = new URL(location, url);
	}
	return { notFetched: 'redirectsTooMany', limit: MAX_REDIRECTS };
}

/** Half of the patience at most, so that what stalls can be tried again. */
export function longestPauseMs({ pauseMs = PAUSE_MS, patienceMs = Infinity }: DownloadOptions) {
	return Math.min(pauseMs, patienceMs / 2);
}

export async function ask(
	url: URL,
	options: DownloadOptions,
	headers: Record<string, string> = {},
): Promise<HttpAnswer> {
	const { hosts, signal } = options;
	const pauseMs = longestPauseMs(options);
	return await send({
		method: 'GET',
		url,
		// Nothing is unpacked here, so no file can grow on the way.
		headers: { 'accept-encoding': 'identity', ...headers },
		headersTimeoutMs: pauseMs,
		bodyTimeoutMs: pauseMs,
		guard: isLoopbackHost(hosts.baseUrl.hostname) ? 'here' : 'public',
		signal,
	});
}

/** Ends an answer whose rest is not wanted; undici tells the stream of it by an error. */
export function discard(body: Readable): void {
	body.on('error', () => undefined).destroy();
}

/** The beginning of a text: an error page of a strange host may be endless. */
export async function limitedText(body: Readable): Promise<string> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
	while (bytes < MAX_ERROR_BYTES) {
		const piece = await pieces.next().catch(() => ({ done: true, value: undefined }) as const);
		if (piece.done) break;
		chunks.push(piece.value);
		bytes += piece.value.length;
	}
	discard(body);
	return Buffer.concat(chunks).subarray(0, MAX_ERROR_BYTES).toString('utf8');
}
