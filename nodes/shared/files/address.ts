import { isLoopbackHost, isPublicHost } from '../api/hostNames';
import { denseBase64 } from './base64';

/**
 * Schemes of addresses that some model or vendor can fetch. Cog itself takes `data`, `http` and `https`
 * (replicate-python, issue 297); models that run at another vendor take that vendor's.
 */
const FETCHED = new Set('http https s3 gs gcs az abfs abfss r2 hf ftp ftps sftp ipfs'.split(' '));

/** Why an address cannot be sent. */
export type RefusedAddress =
	/** Only inside the network that n8n is in, or on this machine. */
	| { kind: 'private'; origin: string }
	/** Only in the app, or on the machine, that made it: `file:`, `blob:`. */
	| { kind: 'unfetchable'; scheme: string }
	/** A data URI whose base64 is broken. */
	| { kind: 'notBase64' };

/** An address that can be sent, or why a text that looks like one cannot. */
type ReadAddress = { kind: 'address'; text: string } | RefusedAddress;

/** Whether a text begins as an address of a file does. */
export function beginsAsAddress(text: string): boolean {
	const scheme = schemeOf(text);
	return scheme === 'data'
		? dataHead(text) !== undefined
		: /^[a-z][a-z\d+.-]+:\/\/\S/i.test(text.slice(0, MAX_HEAD));
}

/**
 * Reads a text, without blanks around it, as the address of a file: as it is where it can be sent so,
 * with line breaks out of base64, and with blanks in a URL's path encoded.
 *
 * @param baseUrl the API's address: models see private addresses only where it is private itself
 * @returns `undefined` for a text that is no address
 */
export function readAddress(text: string, baseUrl?: URL): ReadAddress | undefined {
	const scheme = schemeOf(text);
	if (scheme === undefined) return undefined;
	if (scheme === 'data') return readDataUri(text);
	if (scheme === 'file' || scheme === 'blob') return { kind: 'unfetchable', scheme };
	if (!/^[^:]+:\/\/[^\s/]/.test(text)) return undefined;
	if (!FETCHED.has(scheme)) return { kind: 'unfetchable', scheme };
	const address = withoutBlanks(text);
	if (address === undefined) return undefined;
	if (scheme !== 'http' && scheme !== 'https') return { kind: 'address', text: address };
	if (!URL.canParse(address)) return undefined;
	const { hostname, origin } = new URL(address);
	if (isReachable(hostname, baseUrl)) return { kind: 'address', text: address };
	return { kind: 'private', origin };
}

/** A scheme is longer than the letter of a drive ("C:"). */
function schemeOf(text: string): string | undefined {
	return /^([a-z][a-z\d+.-]+):/i.exec(text.slice(0, 40))?.[1]?.toLowerCase();
}

function isReachable(hostname: string, baseUrl: URL | undefined): boolean {
	if (isPublicHost(hostname)) return true;
	if (!baseUrl || isPublicHost(baseUrl.hostname)) return false;
	return isLoopbackHost(hostname) === isLoopbackHost(baseUrl.hostname);
}

/**
 * An address whose file's name has blanks, with these encoded; `undefined` where a text goes on behind
 * an address, so that nobody can say what of it belongs to it.
 */
function withoutBlanks(text: string): string | undefined {
	if (!/\s/.test(text)) return text;
	if (/[\r\n\t]|[,;]\s|\s,|\s[a-z][a-z\d+.-]+:\/\//i.test(text)) return undefined;
	if (!URL.canParse(text)) return undefined;
	const { pathname } = new URL(text);
	const isFileName = /\.\w{1,5}$/.test(pathname) && !/\.\w{1,5}%20/.test(pathname);
	return isFileName ? text.replaceAll(' ', '%20') : undefined;
}

/** The longest head of a data URI, in characters: a media type and its parameters. */
const MAX_HEAD = 500;

/** What a data URI begins with (RFC 2397), blanks and capitals aside; `undefined` for any other text. */
function dataHead(text: string): { written: string; head: string; isBase64: boolean } | undefined {
	const comma = text.slice(0, MAX_HEAD).indexOf(',');
	const written = text.slice(0, comma + 1);
	const [, type = '', parameters] =
		/^data:([\w!#$&^.+-]+\/[\w!#$&^.+-]+)?((?:;[^\s,;]+)*),$/i.exec(
			written.replace(/;\s+/g, ';'),
		) ?? [];
	if (parameters === undefined) return undefined;
	const isBase64 = /;base64$/i.test(parameters);
	const kept = isBase64 ? parameters.slice(0, -';base64'.length) : parameters;
	return { written, head: `data:${type}${kept}${isBase64 ? ';base64' : ''},`, isBase64 };
}

function readDataUri(text: string): ReadAddress | undefined {
	const read = dataHead(text);
	if (!read) return undefined;
	const { written, head, isBase64 } = read;
	if (!isBase64) return { kind: 'address', text };
	const given = text.slice(written.length);
	const base64 = denseBase64(given.includes('%') ? percentDecoded(given) : given);
	if (base64 === undefined) return { kind: 'notBase64' };
	return { kind: 'address', text: written === head && base64 === given ? text : head + base64 };
}

function percentDecoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
