import { PREDICTION_SHAPE, type Prediction } from '../api/shapes';
import type { ReplicateClient } from '../api/client';
import { PREDICTION, type RunKind } from './kind';

/** How long giving up may wait for the cancellation, in ms: `Cancel-After` takes effect soon after. */
const ABANDON_MS = 10_000;

/**
 * Asks Replicate to cancel a prediction, or a training.
 *
 * @param until when the response must be there, as a time in ms
 * @returns the prediction as it is then; one that had already ended keeps its status and output
 * @throws ApiError when Replicate refuses or cannot be reached
 */
export async function cancelPrediction(
	client: ReplicateClient,
	id: string,
	{ path, noun }: RunKind = PREDICTION,
	until?: number,
): Promise<Prediction> {
	return await client.postOnce(`${path}/${encodeURIComponent(id)}/cancel`, {
		shape: PREDICTION_SHAPE,
		what: `the ${noun} "${id}"`,
		until,
	});
}

/** Cancels once on giving up. A failure is not reported: `Cancel-After` ends the prediction as well. */
export async function abandonPrediction(
	client: ReplicateClient,
	id: string,
	kind: RunKind = PREDICTION,
): Promise<Prediction | undefined> {
	const until = Date.now() + ABANDON_MS;
	return await cancelPrediction(client, id, kind, until).catch(() => undefined);
}
