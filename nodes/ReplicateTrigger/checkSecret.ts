import { NodeApiError, NodeOperationError, type IHookFunctions } from 'n8n-workflow';
import { wordsOf } from '../fields/advice';
import { openClient } from '../host/host';
import { ApiError } from '../shared/api/errors';
import { readSecret } from '../shared/webhooks/secret';

/** Statuses that say that this token will never read the secret. */
const REFUSALS = new Set([401, 403]);

/**
 * Reads the secret that signs Replicate's calls, so that a credential that cannot be used shows when
 * the workflow is switched on, and not with each call. A failure that passes, such as a restart of n8n
 * without a network, stops no workflow.
 *
 * @throws NodeApiError       when Replicate does not accept the token
 * @throws NodeOperationError when the credential cannot be used at all
 */
export async function checkSecret(this: IHookFunctions): Promise<boolean> {
	const error = await openClient(this)
		.then(readSecret)
		.then(
			() => undefined,
			(reason: Error) => reason,
		);
	if (!error) return true;
	const { message, description } = wordsOf(error);
	if (!(error instanceof ApiError)) {
		throw new NodeOperationError(this.getNode(), error, { message, description });
	}
	if (!REFUSALS.has(error.status ?? 0)) return true;
	const httpCode = String(error.status);
	throw new NodeApiError(this.getNode(), { message }, { message, description, httpCode });
}
