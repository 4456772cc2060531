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
