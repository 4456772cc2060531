import type { Readable } from 'node:stream';
import { parse as parseDisposition } from 'content-disposition';
import type { IBinaryData } from 'n8n-workflow';
import { errorFromAnswer } from '../api/errors';
import { send, transportError, type HttpAnswer } from '../api/transport';
import { withRetries } from '../api/withRetries';
import { parseDataUri } from '../files/dataUri';
import { mayFetch } from './hosts';
import { nameAndType, nameInUrl } from './names';

/** Time to the first byte, and longest pause between two pieces, in ms. */
const PAUSE_MS = 60_000;
/** Redirects that are followed, each to an allowed host. */
const MAX_REDIRECTS = 5;

/** n8n's `prepareBinaryData`: takes the bytes and keeps them where the instance keeps binaries. */
export type KeepBinary = (
	bytes: Buffer | Readable,
	fileName: string,
	mimeType: string,
) => Promise<IBinaryData>;

export interface DownloadOptions {
	baseUrl: URL;
	keep: KeepBinary;
	/** The file's name when neither its URL nor the server gives one. */
	fallbackName: string;
	signal?: AbortSignal;
}

/** A file that was left where it is, and why. */
export interface NotFetched {
	reason: string;
}

export function isNotFetched(kept: IBinaryData | NotFetched): kept is NotFetched {
	return 'reason' in kept;
}

/**
 * Brings one output file into n8n, as a stream from the socket to n8n's binary store. No token is
 * sent. A download that breaks is begun again; a part of a file is never kept.
 *
 * @param address https URL or data URI
 * @returns n8n's binary data, or why the address is not asked
 * @throws ApiError when the file cannot be had
 */
export async function fetchOutput(
	address: string,
	options: DownloadOptions,
): Promise<IBinaryData | NotFetched> {
	const inline = parseDataUri(address);
	if (inline) {
		const { fileName, mimeType } = nameAndType({
			contentType: inline.mimeType,
			fallback: options.fallbackName,
		});
		return await options.keep(inline.bytes, fileName, mimeType);
	}
	const url = new URL(address);
	if (!mayFetch(url, options.baseUrl)) {
		return { reason: `Not downloaded: ${url.host} is not one of Replicate's file hosts` };
	}
	return await withRetries('read', async () => await download(url, options), options.signal);
}

async function download(address: URL, options: DownloadOptions): Promise<IBinaryData | NotFetched> {
	let url = address;
	for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
		const answer = await send({
			method: 'GET',
			url,
			headers: { 'accept-encoding': 'identity' },
			headersTimeoutMs: PAUSE_MS,
			bodyTimeoutMs: PAUSE_MS,
			signal: options.signal,
		});
		const location = answer.status >= 300 && answer.status < 400 && answer.headers.location;
		if (!location) return await keepAnswer(answer, url, options);
		await answer.body.dump();
		url = new URL(location, url);
		if (!mayFetch(url, options.baseUrl)) {
			return { reason: `Not downloaded: the file's host redirects to ${url.host}` };
		}
	}
	return { reason: `Not downloaded: more than ${MAX_REDIRECTS} redirects` };
}

async function keepAnswer(
	{ status, headers, body }: HttpAnswer,
	url: URL,
	{ keep, fallbackName, signal }: DownloadOptions,
): Promise<IBinaryData> {
	if (status !== 200) {
		const text = await body.text().catch(() => '');
		throw errorFromAnswer(status, text, undefined, `the output file ${url.href}`);
	}
	const { fileName, mimeType } = nameAndType({
		name: nameInHeader(headers['content-disposition']) ?? nameInUrl(url),
		contentType: headers['content-type'],
		fallback: fallbackName,
	});
	// undici fails the stream when fewer bytes arrive than `Content-Length` announced.
	return await keep(body, fileName, mimeType).catch((error: unknown) => {
		throw transportError(error, url, signal);
	});
}

function nameInHeader(disposition: string | undefined): string | undefined {
	if (!disposition) return undefined;
	try {
		return parseDisposition(disposition).parameters.filename;
	} catch {
		return undefined;
	}
}
