import type { Item } from '../host/item';
import type { Prediction } from '../shared/api/shapes';
import type { RunKind } from '../shared/models/runKind';
import { assertSucceeded } from '../shared/predictions/status';
import { progressText } from '../shared/predictions/progress';
import { waitForEnd } from '../shared/predictions/wait';
import { paidRunOf } from './paidRun';

/** Reads what was created before. @throws ApiError when Replicate does not know it */
export async function readById({ run, signal }: Item, kind: RunKind, id: string, until?: number) {
	return await paidRunOf(run).api.read(kind, id, { signal, until });
}

/**
 * Waits for the end of what was created before. It runs on when the workflow is stopped.
 *
 * @throws PredictionError when it has no result, or the time is up
 */
export async function endOf(
	item: Item,
	kind: RunKind,
	prediction: Prediction,
	timeoutSeconds: number,
): Promise<Prediction> {
	const { run, signal } = item;
	const { api } = paidRunOf(run);
	const ended = await waitForEnd(api, prediction, {
		kind,
		deadline: item.deadline(timeoutSeconds),
		onTimeout: 'leave',
		onStop: () => 'leave',
		signal,
		onProgress: (latest) => run.showProgress(`${latest.id}: ${progressText(latest)}`),
	});
	return assertSucceeded(ended, api.baseUrl, kind);
}

/**
 * Cancels what was created before. What had ended stays as it is, and is returned as it is.
 *
 * @throws ApiError when Replicate refuses or cannot be reached
 */
export async function cancelById({ run, signal }: Item, kind: RunKind, id: string) {
	return await paidRunOf(run).api.cancel(kind, id, { signal });
}
