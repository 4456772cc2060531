import { InputError } from '../api/errors';
import { isLoopbackHost, isPublicHost } from '../api/hostNames';
import type { NotFetched } from './notFetched';

/** Where output files may be fetched from. */
export interface OutputHosts {
	/** The API's own address. */
	baseUrl: URL;
	/** Additional hosts that the builder trusts: a name with or without port, `*.name` for all below it. */
	more: string[];
}

/**
 * Reads a list of hosts.
 *
 * @param text names, comma separated
 * @throws InputError for a text that is not a host name
 */
export function parseOutputHosts(text: string): string[] {
	if (text === '') return [];
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
export function mayFetch(url: URL, hosts: OutputHosts): boolean {
	return hostRefusal(url, hosts) === undefined;
}

/** Why an output file may not be fetched from this address; see `mayFetch`. */
export function hostRefusal(url: URL, { baseUrl, more }: OutputHosts): NotFetched | undefined {
	const { hostname, host, protocol, username, password } = url;
	if (username !== '' || password !== '') return { notFetched: 'withPassword' };
	const isHere = isLoopbackHost(hostname);
	const isInside = isHere ? !isLoopbackHost(baseUrl.hostname) : !isPublicHost(hostname);
	if (isInside) return { notFetched: 'privateNetwork' };
	if (protocol !== 'https:' && !(protocol === 'http:' && isHere)) {
		return { notFetched: 'withoutTls' };
	}
	const isKnown =
		hostname === baseUrl.hostname ||
		hostname === 'replicate.delivery' ||
		hostname.endsWith('.replicate.delivery') ||
		hostname.endsWith('.replicate.com') ||
		more.some((one) => isNamed(one, url));
	return isKnown ? undefined : { notFetched: 'unknownHost', host };
}

/** Whether a host, with or without its port, is the one of an address. */
function isNamed(named: string, { hostname, protocol, port }: URL): boolean {
	const colon = named.lastIndexOf(':');
	const hasPort = colon > named.lastIndexOf(']');
	const name = hasPort ? named.slice(0, colon) : named;
	const usedPort = port || (protocol === 'https:' ? '443' : '80');
	if (hasPort && Number(named.slice(colon + 1)) !== Number(usedPort)) return false;
	return name.startsWith('*.') ? hostname.endsWith(name.slice(1)) : hostname === name;
}
