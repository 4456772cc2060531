import { parse as parseDisposition } from 'content-disposition';
import type { IBinaryData } from 'n8n-workflow';
import { ReplicateError, type ApiError } from '../api/errors';
import { beginningOf } from '../api/exchange';
import { oneLine } from '../api/oneLine';
import { errorFromResponse } from '../api/responseError';
import { PRIVATE_ADDRESS, type HttpResponse } from '../api/transport';
import { withRetries } from '../api/withRetries';
import { parseDataUri } from '../files/dataUri';
import { gather } from '../files/gather';
import { Chunks } from './chunks';
import { nameAndType, nameInUrl } from './names';
import { isNotFetched, type NotFetched } from './notFetched';
import { open, type DownloadOptions } from './request';
import { peek, sniffType } from './sniff';

/** The most that is read of an error's text, in bytes. */
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * Brings one output file into n8n, as a stream from the socket to n8n's binary store. No token is
 * sent, but for a file of the API's own. A download that breaks is resumed where it broke, or begun
 * again; a part of a file is never kept.
 *
 * @param address https URL or data URI
 * @returns n8n's binary data, or why the file stays where it is
 * @throws ApiError       when the file cannot be had
 * @throws ReplicateError when n8n cannot store it
 */
export async function fetchOutput(
	address: string,
	options: DownloadOptions,
): Promise<IBinaryData | NotFetched> {
	const inline = parseDataUri(address);
	if (inline && !inline.bytes) return { notFetched: 'notBase64' };
	if (inline?.bytes) return await keepInline(inline.bytes, inline.mimeType, options);
	const { signal, until } = options;
	const attempt = async () => await download(new URL(address), options);
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
	{ keep, nameFile, maxBytes = Infinity }: DownloadOptions,
): Promise<IBinaryData | NotFetched> {
	if (bytes.length > maxBytes) return tooLarge(maxBytes, bytes.length);
	const sniffed = await sniffType(bytes, contentType);
	const { fileName, mimeType } = nameAndType({ contentType, sniffed, stem: nameFile() });
	return await keep(bytes, fileName, mimeType).catch((error: Error) => {
		throw notStored(fileName, error);
	});
}

async function download(address: URL, options: DownloadOptions): Promise<IBinaryData | NotFetched> {
	const opened = await open(address, options);
	if (isNotFetched(opened)) return opened;
	const { response, url, own } = opened;
	const { status, headers, body } = response;
	if (isRefused(status, own !== undefined)) {
		body.discard();
		return { notFetched: 'refused', host: url.host, status };
	}
	if (status !== 200) {
		// A gateway may repeat the request, and with it the token.
		const text = own ? '' : await beginningOf(body, MAX_ERROR_BYTES);
		body.discard();
		throw errorFromResponse(status, headers, text, { what: `the output file ${url.href}` });
	}
	const unwanted = unwantedOf(response, options);
	if (unwanted) {
		body.discard();
		return unwanted;
	}
	const contentType = [headers['content-type']].flat()[0];
	const chunks = new Chunks(opened, options);
	const { first, all } = await peek(chunks.read());
	const name = nameInHeader([headers['content-disposition']].flat()[0]) ?? nameInUrl(url);
	const { fileName, mimeType } = nameAndType({
		name,
		contentType,
		sniffed: await sniffType(first, contentType, nameInUrl(url)),
		stem: options.nameFile(name),
	});
	const content = body.toStream(gather(all));
	return await options.keep(content, fileName, mimeType).catch((error: Error) => {
		// What n8n does not read must not hold its connection.
		content.destroy();
		chunks.discard();
		if (chunks.isTooLarge) return tooLarge(options.maxBytes!);
		throw chunks.error ?? notStored(fileName, error);
	});
}

/**
 * Whether a status says that this file is not for us, whatever becomes of the others: its host wants
 * credentials, or the API has none for this account.
 */
function isRefused(status: number, isOwn: boolean): boolean {
	if (status === 401 || status === 403) return true;
	return isOwn && status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** A failure of n8n's own store is not the file host's: the file is not fetched again. */
function notStored(fileName: string, { message }: Error): ReplicateError {
	return new ReplicateError(`n8n could not store the file "${fileName}": ${oneLine(message)}`, {
		code: 'fileNotStored',
	});
}

function unwantedOf(
	{ headers }: HttpResponse,
	{ maxBytes = Infinity }: DownloadOptions,
): NotFetched | undefined {
	const encoding = headers['content-encoding']?.toString() ?? 'identity';
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
