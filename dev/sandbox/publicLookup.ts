import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Names that are nobody's files: for documents and tests (RFC 2606, RFC 6761). */
const RESERVED = /(?:^|\.)(?:example\.(?:com|net|org)|example|invalid|test)$/i;

/**
 * A DNS lookup that knows reserved names itself: on a machine without a network, the system asks for
 * them for a minute, and nothing can stop it.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
	if (!RESERVED.test(hostname)) return lookup(hostname, options, callback as never);
	const error = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
	process.nextTick(callback, Object.assign(error, { code: 'ENOTFOUND', hostname }), '', 0);
};
