import type { LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import { guardedLookup } from './guardedLookup';

/** The time to open a connection, in ms; through a proxy, once more for the proxy's consent. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Never sent through a proxy: the sandbox and other servers on this machine. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

interface Connections {
	undici: typeof import('undici');
	dispatchers: Record<'none' | 'public' | 'loopback', Dispatcher>;
}

let opened: Promise<Connections> | undefined;

/**
 * The process's connections: one keep-alive pool per origin, through the proxies that `HTTP_PROXY`,
 * `HTTPS_PROXY` and `NO_PROXY` name. undici is loaded when first needed, so that n8n starts fast.
 */
export async function connections(): Promise<Connections> {
	opened ??= import('undici').then((undici) => {
		const open = (lookup?: LookupFunction) =>
			new undici.EnvHttpProxyAgent({
				connect: { timeout: CONNECT_TIMEOUT_MS, ...(lookup ? { lookup } : {}) },
				noProxy: noProxy(process.env.no_proxy ?? process.env.NO_PROXY ?? ''),
				// Connections to a proxy: undici waits 5 minutes for its consent, and cannot be aborted then.
				clientFactory: (proxy, options) =>
					new undici.Pool(proxy, { ...options, headersTimeout: CONNECT_TIMEOUT_MS }),
			});
		return {
			undici,
			// Through a proxy, the proxy looks names up: what it may reach is up to its operator.
			dispatchers: {
				none: open(),
				public: open(guardedLookup(false)),
				loopback: open(guardedLookup(true)),
			},
		};
	});
	return await opened;
}

/** undici follows `*` only where it is alone. */
function noProxy(hosts: string): string {
	return /(?:^|[,\s])\*(?:[,\s]|$)/.test(hosts) ? '*' : [hosts, ...LOOPBACK].join(',');
}
