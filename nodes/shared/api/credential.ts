import { InputError } from './errors';
import { isLoopbackHost } from './hostNames';

/**
 * The base URL of a credential, without the slash at its end.
 *
 * @throws InputError that says what is wrong with it
 */
export function parseBaseUrl(given: unknown): URL {
	const text = typeof given === 'string' ? given.trim() : '';
	if (text === '') {
		throw new InputError('The base URL of the Replicate credential is empty', {
			code: 'baseUrlMalformed',
			baseUrl: text,
		});
	}
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^https?:$/.test(url.protocol)) {
		throw new InputError(
			`The base URL "${text}" of the Replicate credential is not a web address`,
			{ code: 'baseUrlMalformed', baseUrl: text },
		);
	}
	if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
		throw new InputError('The base URL of the Replicate credential must start with https://', {
			code: 'baseUrlWithoutTls',
		});
	}
	const parts = url.pathname.split('/');
	while (parts.at(-1) === '') parts.pop();
	const path = parts.join('/');
	assertReplicatesOwn(url.hostname, path);
	return new URL(path, url.origin);
}

/** What comes before a token when it is copied out of a shell, a settings file, or a header. */
const BEFORE_TOKEN =
	/^(?:export\s|REPLICATE_API_(?:TOKEN|KEY)\s*[=:]|Authorization:|Bearer\s|Token\s)/i;

/** One layer less of what is around a token: words before it, a semicolon, or quotes. */
function unwrapToken(text: string): string {
	const rest = text.replace(BEFORE_TOKEN, '').replace(/;$/, '').trim();
	const isQuoted = rest.length > 1 && /^["'`]/.test(rest) && rest.at(-1) === rest[0];
	return isQuoted ? rest.slice(1, -1).trim() : rest;
}

/**
 * The API token of a credential, without what came with it when it was copied: spaces, quotes,
 * `Bearer`, or the name of its variable.
 *
 * @throws InputError for a text that no header can carry
 */
export function parseToken(given: unknown): string {
	let token = typeof given === 'string' ? given.trim() : '';
	for (let inner = unwrapToken(token); inner !== token; inner = unwrapToken(token)) token = inner;
	if (/^[\x21-\x7e]+$/.test(token)) return token;
	if (token === '') {
		throw new InputError('The Replicate credential has no API token', { code: 'tokenMissing' });
	}
	throw new InputError(
		'The API token of the Replicate credential contains characters that a token cannot have',
		{ code: 'tokenMalformed' },
	);
}

/** Catches the addresses of Replicate that are not its API. */
function assertReplicatesOwn(host: string, path: string): void {
	if (/^(?:www\.)?replicate\.com$/.test(host)) {
		throw new InputError(
			'The base URL of the Replicate credential is the address of the website, not of the API',
			{ code: 'baseUrlNotTheApi' },
		);
	}
	if (host === 'api.replicate.com' && path !== '/v1') {
		throw new InputError('The base URL of the Replicate credential must end with /v1', {
			code: 'baseUrlNotTheApi',
		});
	}
}
