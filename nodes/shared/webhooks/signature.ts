import { Webhook } from 'standardwebhooks';
import { PREDICTION_SHAPE, type Prediction } from '../api/shapes';
import { withoutDepths } from '../api/json';

/** An HTTP request as n8n passes it on. */
export interface WebhookRequest {
	/** The body's bytes as they came: the signature is over these. */
	rawBody?: Buffer;
	headers: Record<string, string | string[] | undefined>;
}

/** A webhook that Replicate has certainly sent. */
export interface SignedWebhook {
	/** The same for each try to deliver it. */
	id: string;
	/** A prediction, or a training. */
	body: Prediction;
}

/** How old, or how new, a signature may be, in s (Standard Webhooks; Replicate docs, webhooks). */
const TOLERANCE_S = 5 * 60;

/** Whether a webhook has what a signature takes, and its time is now: only then a secret is needed. */
export function mayBeSigned({ rawBody, headers }: WebhookRequest): boolean {
	const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = headers;
	if (!rawBody || !isText(id) || !isText(signature)) return false;
	const ageS = Date.now() / 1_000 - Number(time);
	return signature.includes('v1,') && Math.abs(ageS) <= TOLERANCE_S + 1;
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}

/**
 * Reads a webhook if it is signed with this secret and not older, or newer, than 5 minutes (Standard
 * Webhooks; Replicate docs, webhooks). The comparison takes constant time.
 *
 * @param secret of the account, `whsec_…` (API: `GET /webhooks/default/secret`)
 * @returns `undefined` for anything that Replicate has not just sent
 */
export function readSignedWebhook(
	secret: string,
	{ rawBody, headers }: WebhookRequest,
): SignedWebhook | undefined {
	const id = headers['webhook-id'];
	if (!rawBody || typeof id !== 'string') return undefined;
	try {
		const signed = new Webhook(secret).verify(rawBody, headers as Record<string, string>);
		const body = PREDICTION_SHAPE(withoutDepths(signed));
		return body && { id, body };
	} catch {
		return undefined;
	}
}
