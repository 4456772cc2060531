import type { ReplicateClient } from '../api/client';
import { ReplicateError } from '../api/errors';
import { currentSecret, recentSecret } from './secret';
import {
	mayBeSigned,
	readSignedWebhook,
	type SignedWebhook,
	type WebhookRequest,
} from './signature';

/**
 * Reads a webhook that claims to come from Replicate. A call that nobody can have signed just now
 * costs nothing.
 *
 * @returns `undefined` for a forgery, or a webhook that is replayed later than 5 minutes
 * @throws ReplicateError when the signature cannot be checked; it does not say why, because whoever
 * called may be a stranger
 */
export async function receiveWebhook(
	client: ReplicateClient,
	request: WebhookRequest,
): Promise<SignedWebhook | undefined> {
	if (!mayBeSigned(request)) return undefined;
	const known = await recentSecret(client).catch(unchecked);
	const signed = readSignedWebhook(known, request);
	if (signed) return signed;
	const current = await currentSecret(client).catch(unchecked);
	return current === known ? undefined : readSignedWebhook(current, request);
}

function unchecked(): never {
	throw new ReplicateError('Try again later', { code: 'webhookUnchecked' });
}
