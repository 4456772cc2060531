import { isLoopbackHost } from '../api/hostNames';

/**
 * Whether an output file may be fetched from this address. A model's author decides what its output
 * says, so only Replicate's own hosts (docs, output files) and the base URL's host are asked. Hosts
 * are compared by name, without port, and without TLS only loopback is asked, as the sandbox is.
 */
export function mayFetch(url: URL, baseUrl: URL): boolean {
	const { hostname, protocol } = url;
	if (protocol !== 'https:' && !(protocol === 'http:' && isLoopbackHost(hostname))) return false;
	return (
		hostname === baseUrl.hostname ||
		hostname === 'replicate.delivery' ||
		hostname.endsWith('.replicate.delivery') ||
		hostname.endsWith('.replicate.com')
	);
}
