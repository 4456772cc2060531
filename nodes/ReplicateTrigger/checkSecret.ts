import { NodeApiError, NodeOperationError, type IHookFunctions } from 'n8n-workflow';
import { openTransport } from '../../transports/edition';
import { ReplicateClient, type ReplicateCredential } from '../shared/api/client';
import { ApiError, type ReplicateError } from '../shared/api/errors';
import { readSecret } from '../shared/webhooks/receive';

/** Statuses that say that this token will never read the secret. */
const REFUSALS = new Set([401, 403]);

/**
 * Reads the secret with which the calls of Replicate are checked, so that a credential that cannot be
 * used is told when the workflow is switched on, and not to Replicate with each call. A failure that
 * passes, as at a restart of n8n without a network, holds no workflow up.
 *
 * @throws NodeApiError       when Replicate does not accept the token
 * @throws NodeOperationError when the credential cannot be used at all
 */
export async function checkSecret(this: IHookFunctions): Promise<boolean> {
	const credential = await this.getCredentials<ReplicateCredential>('replicateApi');
	const error = await secretOf(credential, this).then(
		() => undefined,
		(reason: ReplicateError) => reason,
	);
	if (!error) return true;
	const { message, description } = error;
	if (!(error instanceof ApiError)) {
		throw new NodeOperationError(this.getNode(), error, { message, description });
	}
	if (!REFUSALS.has(error.status ?? 0)) return true;
	const httpCode = String(error.status);
	throw new NodeApiError(this.getNode(), { message }, { message, description, httpCode });
}

async function secretOf(credential: ReplicateCredential, context: IHookFunctions): Promise<string> {
	return await readSecret(new ReplicateClient(credential, openTransport(context.helpers)));
}
