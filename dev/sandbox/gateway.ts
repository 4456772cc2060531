import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The official address, which a gateway's responses still name. */
export const OFFICIAL_BASE_URL = 'https://api.replicate.com/v1';

/** A gateway before the API, as Cloudflare's AI Gateway is (its documentation, provider endpoints). */
export interface GatewayOptions {
	/** Such as `/v1/account/gateway/replicate`; the API's paths follow it without their `/v1`. */
	prefix: string;
	/** A header without which nothing passes, such as `cf-aig-authorization`. */
	header?: { name: string; value: string };
}

/** Where a path of the gateway leads within the API; other paths lead nowhere. */
export function pathBehind({ prefix }: GatewayOptions, path: string): string {
	return path.startsWith(`${prefix}/`) ? `/v1${path.slice(prefix.length)}` : '/not-routed';
}

/** Whether a request may pass the gateway. */
export function mayPass({ header }: GatewayOptions, headers: IncomingHttpHeaders): boolean {
	if (!header) return true;
	const given = Buffer.from(String(headers[header.name.toLowerCase()] ?? ''));
	const wanted = Buffer.from(header.value);
	return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** A gateway's own refusal, in the form of Cloudflare's API and not of Replicate's. */
export const GATEWAY_REFUSAL = {
	success: false,
	result: [],
	messages: [],
	error: [{ code: 2009, message: 'Unauthorized' }],
};
