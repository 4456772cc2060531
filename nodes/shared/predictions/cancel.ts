import type { ReplicateClient } from '../api/client';
import type { Prediction } from '../api/types';

/**
 * Asks Replicate to cancel a prediction.
 *
 * @returns the prediction as it is then; one that had already ended keeps its status and output
 * @throws ApiError when Replicate refuses or cannot be reached
 */
export async function cancelPrediction(client: ReplicateClient, id: string): Promise<Prediction> {
	return await client.postOnce<Prediction>(`/predictions/${encodeURIComponent(id)}/cancel`, {
		what: `the prediction "${id}"`,
	});
}

/** Cancels once on giving up. A failure is not reported: `Cancel-After` ends the prediction, too. */
export async function abandonPrediction(
	client: ReplicateClient,
	id: string,
): Promise<Prediction | undefined> {
	return await cancelPrediction(client, id).catch(() => undefined);
}
