import { InputError } from '../api/errors';
import { isLoopbackHost, isPublicHost } from '../api/hostNames';

/** Where output files may be fetched from. */
export interface OutputHosts {
	/** The API's own address. */
	baseUrl: URL;
	/** Further hosts that the builder trusts: a name with or without port, `*.name` for all below it. */
	more: string[];
}

/**
 * Reads a list of hosts.
 *
 * @param text names, comma separated
 * @throws InputError for a text that is not a host name
 */
export function parseOutputHosts(text: string): string[] {
	const hosts = text.split(',').flatMap((name) => name.trim().toLowerCase() || []);
	const wrong = hosts.find(
		(host) => !/^(?:\*\.)?(?:[\w-]+\.)*[\w-]+(?::\d+)?$|^\[[\da-f:.]+\](?::\d+)?$/.test(host),
	);
	if (wrong === undefined) return hosts;
	throw new InputError(`"${wrong}" is not a host name`, {
		code: 'outputHostMalformed',
		host: wrong,
	});
}

/**
 * Whether an output file may be fetched from this address. A model's author decides what its output
 * says, so only Replicate's own hosts (docs, output files), the base URL's host and those that the
 * builder named are used, and never one inside a private network. This machine is used only if the
 * base URL is on it, as the sandbox is; then also without TLS.
 */
export function mayFetch(url: URL, { baseUrl, more }: OutputHosts): boolean {
	const { hostname, host, protocol, username, password } = url;
	if (username !== '' || password !== '') return false;
	const isHere = isLoopbackHost(hostname);
	if (isHere ? !isLoopbackHost(baseUrl.hostname) : !isPublicHost(hostname)) return false;
	if (protocol !== 'https:' && !(protocol === 'http:' && isHere)) return false;
	return (
		hostname === baseUrl.hostname ||
		hostname === 'replicate.delivery' ||
		hostname.endsWith('.replicate.delivery') ||
		hostname.endsWith('.replicate.com') ||
		more.some((one) => isNamed(one, hostname, host))
	);
}

function isNamed(named: string, hostname: string, host: string): boolean {
	if (named.startsWith('*.')) return hostname.endsWith(named.slice(1));
	return named === hostname || named === host;
}
