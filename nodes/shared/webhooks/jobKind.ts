import type { ReplicateClient } from '../api/client';
import { now } from '../api/clock';
import { ApiError } from '../api/errors';
import { PREDICTION_SHAPE, type Prediction } from '../api/shapes';
import { TRAINING } from '../models/jobKind';

/** How long the question may take, in ms: Replicate waits for it, and calls again. */
const ASKED_MS = 20_000;
/** How many answers are remembered. */
const MAX_KNOWN = 1_000;

/** Whether jobs that cannot be told apart by their webhooks are trainings, by account and id. */
const known = new Map<string, Promise<boolean>>();

/**
 * Whether a webhook is about a training. It does not say so: its own address does, which Replicate
 * writes. Replicate has shown trainings under the address of predictions, too; their output names
 * weights and a version. Any model's author can write such an output, so then the API is asked, once.
 *
 * @throws ApiError where the API is asked and cannot say
 */
export async function isTraining(
	client: ReplicateClient,
	{ id, urls, output }: Prediction,
): Promise<boolean> {
	if (/\/trainings\/[\w-]+$/.test(urls?.get ?? '')) return true;
	const isObject = typeof output === 'object' && output !== null && !Array.isArray(output);
	if (!isObject || !('weights' in output && 'version' in output)) return false;
	const key = `${client.identity} ${id}`;
	const answer = known.get(key) ?? isListedAsTraining(client, id);
	known.set(key, answer);
	answer.catch(() => known.delete(key));
	if (known.size > MAX_KNOWN) known.delete(known.keys().next().value!);
	return await answer;
}

async function isListedAsTraining(client: ReplicateClient, id: string): Promise<boolean> {
	const path = `${TRAINING.path}/${encodeURIComponent(id)}`;
	const asked = client.get(path, { shape: PREDICTION_SHAPE, until: now() + ASKED_MS });
	return await asked
		.then(() => true)
		.catch((error: unknown) => {
			if (error instanceof ApiError && error.status === 404) return false;
			throw error;
		});
}
