import { parse as parseDisposition } from 'content-disposition';
import type { IBinaryData } from 'n8n-workflow';
import type { ApiError } from '../api/errors';
import { PRIVATE_ADDRESS } from '../api/guardedLookup';
import { errorFromResponse } from '../api/responseError';
import { transportError, type HttpAnswer } from '../api/transport';
import { withRetries } from '../api/withRetries';
import { parseDataUri } from '../files/dataUri';
import { gathered } from '../files/gathered';
import { nameAndType, nameInUrl } from './names';
import { isNotFetched, type NotFetched } from './notFetched';
import { Pieces } from './pieces';
import { discard, limitedText, open, type DownloadOptions } from './request';
import { peeked, sniffedType } from './sniff';

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
	const { signal, patienceMs = Infinity } = options;
	const until = Date.now() + patienceMs;
	const attempt = async () => await download(new URL(address), options, until);
	return await withRetries('read', attempt, { signal, until }).catch((error: unknown) => {
		const { failure } = error as Partial<ApiError>;
		if (failure?.kind === 'network' && failure.code === PRIVATE_ADDRESS) {
			return { notFetched: 'privateNetwork' };
		}
		throw error;
	});
}

async function keepInline(
	bytes: Buffer,
	contentType: string,
	{ keep, fallbackName, chosenName, maxBytes = Infinity }: DownloadOptions,
): Promise<IBinaryData | NotFetched> {
	if (bytes.length > maxBytes) return tooLarge(maxBytes, bytes.length);
	const { fileName, mimeType } = nameAndType({
		contentType,
		fallback: fallbackName,
		chosen: chosenName,
	});
	return await keep(bytes, fileName, mimeType);
}

/** @param until a break is not mended after this time, in ms */
async function download(
	address: URL,
	options: DownloadOptions,
	until: number,
): Promise<IBinaryData | NotFetched> {
	const opened = await open(address, options);
	if (isNotFetched(opened)) return opened;
	const { answer, url } = opened;
	const { status, headers, body } = answer;
	if (status !== 200) {
		const text = await limitedText(body);
		throw errorFromResponse(status, headers, text, `the output file ${url.href}`);
	}
	const unwanted = unwantedOf(answer, options);
	if (unwanted) {
		discard(body);
		return unwanted;
	}
	const contentType = [headers['content-type']].flat()[0];
	const pieces = new Pieces(opened, options, until);
	const { first, all } = await peeked(pieces.read());
	const { fileName, mimeType } = nameAndType({
		name: nameInHeader([headers['content-disposition']].flat()[0]) ?? nameInUrl(url),
		contentType,
		sniffed: await sniffedType(first, contentType, url),
		fallback: options.fallbackName,
		chosen: options.chosenName,
	});
	return await options.keep(gathered(all), fileName, mimeType).catch((error: unknown) => {
		if (pieces.isTooLarge) return tooLarge(options.maxBytes!);
		throw transportError(error, url, options.signal);
	});
}

function unwantedOf(
	{ headers }: HttpAnswer,
	{ maxBytes = Infinity }: DownloadOptions,
): NotFetched | undefined {
	const encoding = headers['content-encoding'] ?? 'identity';
	if (encoding !== 'identity') return { notFetched: 'compressed', encoding };
	const bytes = Number(headers['content-length'] ?? 0);
	return bytes > maxBytes ? tooLarge(maxBytes, bytes) : undefined;
}

function tooLarge(limit: number, bytes?: number): NotFetched {
	return { notFetched: 'tooLarge', limit, bytes };
}

function nameInHeader(disposition: string | undefined): string | undefined {
	if (!disposition) return undefined;
	try {
		return parseDisposition(disposition).parameters.filename;
	} catch {
		return undefined;
	}
}
