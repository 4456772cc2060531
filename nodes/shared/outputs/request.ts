import type { IBinaryData } from 'n8n-workflow';
import { now } from '../api/clock';
import { exchange } from '../api/exchange';
import type { OwnFile } from '../api/ownFiles';
import { isLoopbackHost } from '../api/hostNames';
import type { ByteStream, HttpRequest, HttpResponse, Transport } from '../api/transport';
import type { NameFile } from './fileNames';
import { hostRefusal, type OutputHosts } from './hosts';
import type { NotFetched } from './notFetched';

/** Time to the first byte, and longest pause between two chunks, in ms. */
const PAUSE_MS = 60_000;
/** Redirects that are followed, each to an allowed host. */
const MAX_REDIRECTS = 5;

/** n8n's `prepareBinaryData`: takes the bytes and keeps them where the instance keeps binaries. */
export type KeepBinary = (
	bytes: Buffer | ByteStream,
	fileName: string,
	mimeType: string,
) => Promise<IBinaryData>;

export interface DownloadOptions {
	transport: Transport;
	hosts: OutputHosts;
	/** What to ask for a file of the API's own with, which nobody gets without the token. */
	ownFile?: (address: URL) => OwnFile | undefined;
	keep: KeepBinary;
	/** What the file is called. */
	nameFile: NameFile;
	/** Larger files are left where they are; in bytes. */
	maxBytes?: number;
	/** n8n's own rule for addresses, where the operator has switched it on: why one is blocked. */
	blockReason?: (url: URL) => Promise<string | undefined>;
	/** Longest pause between two chunks, in ms. */
	pauseMs?: number;
	/** When the whole file must be there, as a time in ms. */
	until: number;
	signal?: AbortSignal;
}

/** What a file is asked for with. */
export interface Source {
	/** After redirects. */
	url: URL;
	/** Only while it is the API's own, from its first address on. */
	own?: OwnFile;
}

/** A file that was asked for. */
export interface Opened extends Source {
	response: HttpResponse;
}

/**
 * Asks for a file and follows redirects, each of them checked as the first address is. The token stays
 * behind at the first redirect that leaves the API's own files.
 */
export async function open(address: URL, options: DownloadOptions): Promise<Opened | NotFetched> {
	let source = sourceOf(address, options);
	for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
		const { url, own } = source;
		const refusal = own ? undefined : hostRefusal(url, options.hosts);
		if (refusal) return hop === 0 ? refusal : { notFetched: 'redirectedAway', host: url.host };
		const reason = await options.blockReason?.(url);
		if (reason !== undefined) return { notFetched: 'blocked', reason };
		const response = await ask(source, options);
		const { status, headers, body } = response;
		const location = status >= 300 && status < 400 && headers.location?.toString();
		if (!location) return { response, ...source };
		body.discard();
		if (!URL.canParse(location, url.href)) return { notFetched: 'redirectBroken' };
		const next = new URL(location, url);
		source = own ? sourceOf(next, options) : { url: next };
	}
	return { notFetched: 'redirectsTooMany', limit: MAX_REDIRECTS };
}

function sourceOf(address: URL, { ownFile }: DownloadOptions): Source {
	const own = ownFile?.(address);
	return { url: own?.url ?? address, own };
}

/** Half of the time that is left at most, so that what stalls can be tried again; in ms. */
export function longestPauseMs({ pauseMs = PAUSE_MS, until }: DownloadOptions): number {
	return Math.min(pauseMs, leftMs(until) / 2);
}

function leftMs(until: number): number {
	return Math.max(until - now(), 0);
}

export async function ask(
	{ url, own }: Source,
	options: DownloadOptions,
	headers: Record<string, string> = {},
): Promise<HttpResponse> {
	const { hosts, signal, transport, until } = options;
	const pauseMs = longestPauseMs(options);
	const guard: HttpRequest['guard'] = isLoopbackHost(hosts.baseUrl.hostname)
		? 'loopback'
		: 'public';
	const request = {
		method: 'GET',
		url,
		// Nothing is unpacked here, so no file can grow on the way.
		headers: { ...own?.headers, 'accept-encoding': 'identity', ...headers },
		// The base URL may be a gateway inside: the builder trusts it, whatever it is.
		...(own ? {} : { guard }),
	} as const;
	const limits = { totalMs: leftMs(until), responseMs: pauseMs, pauseMs, signal };
	return await exchange(transport, request, limits);
}
