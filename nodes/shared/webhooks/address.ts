import { InputError } from '../api/errors';
import { isLoopbackHost, isPublicHost } from '../api/hostNames';

/** Events of a prediction that a webhook can be sent for (OpenAPI document, predictions.create). */
export const WEBHOOK_EVENTS = ['start', 'output', 'logs', 'completed'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** Where Replicate sends a prediction's webhooks. */
export interface WebhookTarget {
	url: string;
	events: WebhookEvent[];
}

/**
 * Whether Replicate can send a webhook to an address: https (OpenAPI document), and not inside a
 * private network. A sandbox on this machine reaches this machine.
 *
 * @param baseUrl Replicate's address
 */
export function isReachable(address: string, baseUrl: URL): boolean {
	if (!URL.canParse(address)) return false;
	const { protocol, hostname } = new URL(address);
	if (isLoopbackHost(baseUrl.hostname)) return protocol === 'https:' || protocol === 'http:';
	return protocol === 'https:' && isPublicHost(hostname);
}

/** @throws InputError when Replicate could not resume the execution at this address */
export function assertResumable(resumeUrl: string, baseUrl: URL): void {
	if (isReachable(resumeUrl, baseUrl)) return;
	const origin = URL.canParse(resumeUrl) ? new URL(resumeUrl).origin : resumeUrl;
	throw new InputError(`Replicate cannot call this n8n back at ${origin}`, {
		code: 'callbackUrlUnreachable',
		origin,
	});
}

/** @throws InputError for a webhook URL that Replicate would refuse or could not reach */
export function assertWebhookUrl(url: string, baseUrl: URL): void {
	if (isReachable(url, baseUrl)) return;
	throw new InputError(
		`The webhook URL must be a public address that starts with https://, and is "${url}"`,
		{ code: 'webhookUrlUnreachable', url },
	);
}
