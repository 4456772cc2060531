import { Readable } from 'node:stream';
import { parse as parseDisposition } from 'content-disposition';
import type { IBinaryData } from 'n8n-workflow';
import { ApiError, errorFromAnswer, errorFromNetwork } from '../api/errors';
import { PRIVATE_ADDRESS } from '../api/guardedLookup';
import { isLoopbackHost } from '../api/hostNames';
import { sleep } from '../api/sleep';
import { send, transportError, type HttpAnswer } from '../api/transport';
import { withRetries } from '../api/withRetries';
import { parseDataUri } from '../files/dataUri';
import { mayFetch, type OutputHosts } from './hosts';
import { nameAndType, nameInUrl } from './names';
import { peeked, sniffedType } from './sniff';

/** Time to the first byte, and longest pause between two pieces, in ms. */
const PAUSE_MS = 60_000;
/** Redirects that are followed, each to an allowed host. */
const MAX_REDIRECTS = 5;
/** How often a broken download is taken up where it broke, before it is begun again. */
const MAX_RESUMES = 5;
/** Pause before a download is taken up again, in ms. */
const RESUME_PAUSE_MS = 500;
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
	/** Larger files are left where they are; in bytes. */
	maxBytes?: number;
	/** n8n's own rule for addresses, where the operator has switched it on: why one is refused. */
	refusal?: (url: URL) => Promise<string | undefined>;
	/** Longest pause between two pieces, in ms. */
	pauseMs?: number;
	signal?: AbortSignal;
}

/** A file that was left where it is, and why. */
export interface NotFetched {
	reason: string;
}

export function isNotFetched(kept: object): kept is NotFetched {
	return 'reason' in kept;
}

/**
 * Brings one output file into n8n, as a stream from the socket to n8n's binary store. No token is
 * sent. A download that breaks is taken up where it broke, or begun again; a part of a file is never
 * kept.
 *
 * @param address https URL or data URI
 * @returns n8n's binary data, or why the file stays where it is
 * @throws ApiError when the file cannot be had
 */
export async function fetchOutput(
	address: string,
	options: DownloadOptions,
): Promise<IBinaryData | NotFetched> {
	const inline = parseDataUri(address);
	if (inline) return await keepInline(inline.bytes, inline.mimeType, options);
	const attempt = async () => await download(new URL(address), options);
	return await withRetries('read', attempt, options.signal).catch((error: unknown) => {
		const { failure } = error as Partial<ApiError>;
		if (failure?.kind === 'network' && failure.code === PRIVATE_ADDRESS) {
			return { reason: 'Not downloaded: its host lies inside a private network' };
		}
		throw error;
	});
}

async function keepInline(
	bytes: Buffer,
	contentType: string,
	{ keep, fallbackName, maxBytes = Infinity }: DownloadOptions,
): Promise<IBinaryData | NotFetched> {
	if (bytes.length > maxBytes) return tooLarge(maxBytes, bytes.length);
	const { fileName, mimeType } = nameAndType({ contentType, fallback: fallbackName });
	return await keep(bytes, fileName, mimeType);
}

async function download(address: URL, options: DownloadOptions): Promise<IBinaryData | NotFetched> {
	const opened = await open(address, options);
	if (isNotFetched(opened)) return opened;
	const { answer, url } = opened;
	const { status, headers, body } = answer;
	if (status !== 200) {
		const text = await limitedText(body);
		throw errorFromAnswer(status, text, undefined, `the output file ${url.href}`);
	}
	const refused = refusalOf(answer, options);
	if (refused) {
		discard(body);
		return refused;
	}
	const pieces = new Pieces(opened, options);
	const { first, all } = await peeked(pieces.read());
	const { fileName, mimeType } = nameAndType({
		name: nameInHeader(headers['content-disposition']) ?? nameInUrl(url),
		contentType: headers['content-type'],
		sniffed: await sniffedType(first, headers['content-type'], url),
		fallback: options.fallbackName,
	});
	const stream = Readable.from(all, { objectMode: false });
	return await options.keep(stream, fileName, mimeType).catch((error: unknown) => {
		if (pieces.isTooLarge) return tooLarge(options.maxBytes!);
		throw transportError(error, url, options.signal);
	});
}

/** An answer's body as far as a file needs to be read to say why it is none. */
interface Opened {
	answer: HttpAnswer;
	/** After redirects. */
	url: URL;
}

/** Asks for a file and follows redirects, each of them checked as the first address is. */
async function open(address: URL, options: DownloadOptions): Promise<Opened | NotFetched> {
	let url = address;
	for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
		if (!mayFetch(url, options.hosts)) {
			return {
				reason:
					hop === 0
						? `Not downloaded: ${url.host} is not one of Replicate's file hosts. To trust it, add it to Options → Output Hosts.`
						: `Not downloaded: the file's host redirects to ${url.host}`,
			};
		}
		const refusal = await options.refusal?.(url);
		if (refusal !== undefined) return { reason: `Not downloaded: ${refusal}` };
		const answer = await ask(url, options);
		const location = answer.status >= 300 && answer.status < 400 && answer.headers.location;
		if (!location) return { answer, url };
		discard(answer.body);
		if (!URL.canParse(location, url.href)) return { reason: 'Not downloaded: a broken redirect' };
		url = new URL(location, url);
	}
	return { reason: `Not downloaded: more than ${MAX_REDIRECTS} redirects` };
}

async function ask(
	url: URL,
	{ hosts, pauseMs = PAUSE_MS, signal }: DownloadOptions,
	headers: Record<string, string> = {},
): Promise<HttpAnswer> {
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

function refusalOf(
	{ headers }: HttpAnswer,
	{ maxBytes = Infinity }: DownloadOptions,
): NotFetched | undefined {
	const encoding = headers['content-encoding'] ?? 'identity';
	if (encoding !== 'identity') return { reason: `Not downloaded: it is packed as ${encoding}` };
	const bytes = Number(headers['content-length'] ?? 0);
	return bytes > maxBytes ? tooLarge(maxBytes, bytes) : undefined;
}

function tooLarge(maxBytes: number, bytes?: number): NotFetched {
	const size = bytes === undefined ? 'more' : `${bytes} bytes`;
	return {
		reason: `Not downloaded: it has ${size}, and Options → Max File Size allows ${maxBytes} bytes`,
	};
}

/** The pieces of one file. Where the server allows it, a break is mended by asking for the rest. */
class Pieces {
	isTooLarge = false;
	private received = 0;

	constructor(
		private readonly opened: Opened,
		private readonly options: DownloadOptions,
	) {}

	/** @throws ApiError when the rest cannot be had, or the file is too large */
	async *read(): AsyncGenerator<Buffer> {
		const { answer, url } = this.opened;
		const { maxBytes = Infinity } = this.options;
		const length = answer.headers['content-length'];
		let body: Readable = answer.body;
		for (let resumes = 0; ; resumes++) {
			const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
			let broke: unknown;
			for (;;) {
				const piece = await pieces.next().catch((error: unknown) => {
					broke = error;
					return { done: true, value: undefined } as const;
				});
				if (piece.done) break;
				this.received += piece.value.length;
				if (this.received > maxBytes) {
					this.isTooLarge = true;
					discard(body);
					throw errorFromNetwork(url.origin, 'TOO_LARGE', true);
				}
				yield piece.value;
			}
			const isWhole = length === undefined || this.received === Number(length);
			if (broke === undefined && isWhole) return;
			const error = transportError(broke ?? { code: 'INCOMPLETE' }, url, this.options.signal);
			const rest = resumes < MAX_RESUMES ? await this.rest() : undefined;
			if (!rest) throw error;
			body = rest;
		}
	}

	/** The rest of the file, or `undefined` when the server cannot give it, or gives another file. */
	private async rest(): Promise<Readable | undefined> {
		const { answer, url } = this.opened;
		const { etag, 'accept-ranges': ranges } = answer.headers;
		if (ranges !== 'bytes' || !etag || this.received === 0) return undefined;
		await sleep(RESUME_PAUSE_MS, this.options.signal);
		const headers = { range: `bytes=${this.received}-`, 'if-range': etag };
		const rest = await ask(url, this.options, headers).catch(() => undefined);
		const begins = rest?.headers['content-range']?.toString().startsWith(`bytes ${this.received}-`);
		if (rest?.status === 206 && begins) return rest.body;
		if (rest) discard(rest.body);
		return undefined;
	}
}

/** Ends an answer whose rest is not wanted; undici tells the stream of it by an error. */
function discard(body: Readable): void {
	body.on('error', () => undefined).destroy();
}

/** The beginning of a text: an error page of a strange host may be endless. */
async function limitedText(body: Readable): Promise<string> {
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

function nameInHeader(disposition: string | undefined): string | undefined {
	if (!disposition) return undefined;
	try {
		return parseDisposition(disposition).parameters.filename;
	} catch {
		return undefined;
	}
}
