import { SECRET_SHAPE } from '../api/shapes';
import type { ReplicateClient } from '../api/client';
import { now } from '../api/clock';
import { readSignedWebhook, type SignedWebhook, type WebhookRequest } from './signature';

/** How long a secret is kept, in ms: Replicate has one per account, and no event for its change. */
const SECRET_MS = 60 * 60 * 1_000;
/** A wrong signature has the secret read again, but not more often than this, in ms. */
const REREAD_MS = 60_000;
/** How long reading the secret may take, in ms: Replicate waits for it, and calls again. */
const READ_MS = 20_000;

const secrets = new Map<string, { key: string; readAt: number }>();

/**
 * Reads a webhook that claims to come from Replicate.
 *
 * @returns `undefined` for a forgery, or a webhook that is replayed later than 5 minutes
 * @throws ApiError when the account's secret cannot be read
 */
export async function receiveWebhook(
	client: ReplicateClient,
	request: WebhookRequest,
): Promise<SignedWebhook | undefined> {
	const known = await secretOf(client, SECRET_MS);
	const signed = readSignedWebhook(known, request);
	if (signed) return signed;
	const current = await secretOf(client, REREAD_MS);
	return current === known ? undefined : readSignedWebhook(current, request);
}

async function secretOf(client: ReplicateClient, maxAgeMs: number): Promise<string> {
	const known = secrets.get(client.identity);
	if (known && now() - known.readAt < maxAgeMs) return known.key;
	const { key } = await client.get('/webhooks/default/secret', {
		shape: SECRET_SHAPE,
		until: now() + READ_MS,
	});
	secrets.set(client.identity, { key, readAt: now() });
	return key;
}
