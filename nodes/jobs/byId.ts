import type { Item } from '../host/item';
import type { NodeRun } from '../host/nodeRun';
import type { Prediction } from '../shared/api/shapes';
import type { JobKind } from '../shared/models/jobKind';
import { predictionsApi, type PredictionsApi } from '../shared/predictions/api';
import { cancelForSure } from '../shared/predictions/cancel';
import { assertSucceeded } from '../shared/predictions/status';
import { progressText } from '../shared/predictions/progress';
import { waitForEnd } from '../shared/predictions/wait';

/** Reads what was created before. @throws ApiError when Replicate does not know it */
export async function readById({ run, signal }: Item, kind: JobKind, id: string, until?: number) {
	return await apiOf(run).read(kind, id, { signal, until });
}

/**
 * Waits for the end of what was created before. It runs on when the workflow is stopped.
 *
 * @throws PredictionError when it has no result, or the time is up
 */
export async function endOf(
	item: Item,
	kind: JobKind,
	prediction: Prediction,
	timeoutSeconds: number,
): Promise<Prediction> {
	const { run, signal } = item;
	const api = apiOf(run);
	const ended = await waitForEnd(api, prediction, {
		kind,
		deadline: item.deadline(timeoutSeconds),
		onTimeout: 'leave',
		onStop: () => 'leave',
		signal,
		onProgress: (latest) => run.showProgress(latest.id, progressText(latest)),
	});
	return assertSucceeded(ended, api.baseUrl, kind);
}

/**
 * Cancels what was created before. What had ended stays as it is, and is returned as it is.
 *
 * @throws ApiError when Replicate refuses it, or cannot be reached for 10 s
 */
export async function cancelById({ run }: Item, kind: JobKind, id: string): Promise<Prediction> {
	const { prediction, error } = await cancelForSure(apiOf(run), kind, id, false);
	if (error) throw error;
	return prediction!;
}

function apiOf({ host }: NodeRun): PredictionsApi {
	return predictionsApi(host.client);
}
