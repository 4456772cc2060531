import ipaddr from 'ipaddr.js';

/** Whether a host name is this machine: `localhost`, `127.0.0.0/8` or `[::1]`. */
export function isLoopbackHost(hostname: string): boolean {
	const address = addressOf(hostname);
	return hostname === 'localhost' || address?.range() === 'loopback';
}

/**
 * Whether a host can be reached from the internet, as far as its name shows: a public IP address, or
 * a name with a dot that is not reserved for local networks (RFC 6761, RFC 6762, RFC 8375).
 */
export function isPublicHost(hostname: string): boolean {
	const address = addressOf(hostname);
	if (address) return address.range() === 'unicast';
	return (
		hostname.includes('.') && !/\.(?:local|localhost|internal|home\.arpa|test)\.?$/i.test(hostname)
	);
}

/** The IP address that a URL's host is; an IPv4 address inside an IPv6 one counts as the former. */
function addressOf(hostname: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
	// No notation of an address has these letters, and to find that out by its errors takes long.
	if (/[g-wyz]/i.test(hostname) && !hostname.includes(':')) return undefined;
	const text = hostname.replace(/^\[|\]$/g, '');
	return ipaddr.isValid(text) ? ipaddr.process(text) : undefined;
}
