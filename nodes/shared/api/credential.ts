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

/** What is around a token when it was copied out of a shell, a settings file, or a header. */
const AROUND_TOKEN =
	/^(?:export\s+)?(?:REPLICATE_API_(?:TOKEN|KEY)\s*[=:]\s*)?(["'`]?)(?:Authorization:\s*)?(?:(?:Bearer|Token)\s+)?(["'`]?)(.*?)\2\1;?$/i;

/**
 * The API token of a credential, without what came with it when it was copied: spaces, quotes,
 * `Bearer`, or the name of its variable.
 *
 * @throws InputError for a text that no header can carry
 */
export function parseToken(given: unknown): string {
	const text = typeof given === 'string' ? given.trim() : '';
	const token = AROUND_TOKEN.exec(text)?.[3] ?? text;
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
