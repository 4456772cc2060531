import type { IBinaryData } from 'n8n-workflow';
import { now } from '../api/clock';
import { exchange } from '../api/exchange';
import { isLoopbackHost } from '../api/hostNames';
import type { ByteStream, HttpResponse, Transport } from '../api/transport';
import { mayFetch, type OutputHosts } from './hosts';
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
	keep: KeepBinary;
	/** The file's name when neither its URL nor the server gives one. */
	fallbackName: string;
	/** The name that the builder wants, without its extension. */
	chosenName?: string;
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

/** A file that was asked for. */
export interface Opened {
	response: HttpResponse;
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
		const response = await ask(url, options);
		const { status, headers, body } = response;
		const location = status >= 300 && status < 400 && headers.location?.toString();
		if (!location) return { response, url };
		body.discard();
		if (!URL.canParse(location, url.href)) return { notFetched: 'redirectBroken' };
		url = new URL(location, url);
	}
	return { notFetched: 'redirectsTooMany', limit: MAX_REDIRECTS };
}

/** Half of the time that is left at most, so that what stalls can be tried again; in ms. */
export function longestPauseMs({ pauseMs = PAUSE_MS, until }: DownloadOptions): number {
	return Math.min(pauseMs, leftMs(until) / 2);
}

function leftMs(until: number): number {
	return Math.max(until - now(), 0);
}

export async function ask(
	url: URL,
	options: DownloadOptions,
	headers: Record<string, string> = {},
): Promise<HttpResponse> {
	const { hosts, signal, transport, until } = options;
	const pauseMs = longestPauseMs(options);
	const request = {
		method: 'GET',
		url,
		// Nothing is unpacked here, so no file can grow on the way.
		headers: { 'accept-encoding': 'identity', ...headers },
		guard: isLoopbackHost(hosts.baseUrl.hostname) ? 'loopback' : 'public',
	} as const;
	const limits = { totalMs: leftMs(until), responseMs: pauseMs, pauseMs, signal };
	return await exchange(transport, request, limits);
}
