import { PREDICTION_SHAPE, type Prediction } from '../api/shapes';
import type { ReplicateClient } from '../api/client';
import { ApiError, PredictionError, predictionDetails, StoppedError } from '../api/errors';
import { sleep } from '../api/sleep';
import { abandonPrediction } from './cancel';
import { PREDICTION, type RunKind } from './kind';
import { progressText } from './progress';
import { isPending } from './status';

/** Pause between two looks, in ms: it grows by `factor` (Replicate docs advise 1 to 2 s). */
const POLL_MS = { first: 1_000, factor: 1.5, longest: 5_000 };
/** How long the last look may take, in ms, when the time is up meanwhile. */
const LAST_LOOK_MS = 5_000;
/** How long Replicate may be out of reach before waiting ends, in ms. */
const UNREACHABLE_MS = 120_000;
/** A new prediction may be unknown to another of Replicate's servers for a moment. */
const TOLERATED_404 = 2;

export interface WaitOptions {
	/** What is waited for; a prediction unless said otherwise. */
	kind?: RunKind;
	/** When to give up, as a time in ms. */
	deadline: number;
	/** What happens to the prediction then. */
	onTimeout: 'cancel' | 'leave';
	/** What happens to it when the workflow is stopped. */
	onStop: 'cancel' | 'leave';
	/** Aborted when the workflow is stopped. */
	signal?: AbortSignal;
	/** Called with a prediction that is still running whenever its log has grown. */
	onProgress?: (prediction: Prediction) => void;
}

/**
 * Waits until a prediction has ended, in whatever way.
 *
 * @throws PredictionError when the time is up, or the prediction cannot be read any more; both carry
 *                         its id, so that its result can be fetched later
 * @throws StoppedError    when the workflow was stopped
 */
export async function waitForEnd(
	client: ReplicateClient,
	prediction: Prediction,
	options: WaitOptions,
): Promise<Prediction> {
	let latest = prediction;
	let reachedAt = Date.now();
	let missing = 0;
	// A held create can return "processing" with the output: one look at once settles that.
	let pause = hasOutput(prediction) ? 0 : POLL_MS.first;
	while (isPending(latest)) {
		const remaining = options.deadline - Date.now();
		if (remaining <= 0) return await giveUp(client, latest, options);
		await pauseOrStop(client, latest, Math.min(pause, remaining), options);
		const current = await read(client, latest.id, options);
		if (current instanceof Error) {
			if (options.signal?.aborted) await stop(client, latest, options);
			missing += current instanceof ApiError && current.status === 404 ? 1 : 0;
			const isPassing = missing > 0 ? missing <= TOLERATED_404 : mayPass(current, reachedAt);
			if (!isPassing) throw unreadable(latest, current, options);
		} else {
			if (isPending(current) && current.logs !== latest.logs) options.onProgress?.(current);
			latest = current;
			reachedAt = Date.now();
		}
		pause = nextPollMs(pause);
	}
	return latest;
}

/** The pause after one of `previous` ms: from 1 s up to 5 s. */
export function nextPollMs(previous: number): number {
	return Math.min(Math.max(previous * POLL_MS.factor, POLL_MS.first), POLL_MS.longest);
}

function hasOutput({ output }: Prediction): boolean {
	return output !== null && output !== undefined;
}

async function read(
	client: ReplicateClient,
	id: string,
	{ kind = PREDICTION, signal, deadline }: WaitOptions,
): Promise<Prediction | Error> {
	const until = Math.max(deadline, Date.now() + LAST_LOOK_MS);
	return await client
		.get(`${kind.path}/${encodeURIComponent(id)}`, { shape: PREDICTION_SHAPE, signal, until })
		.catch((error: Error) => error);
}

function mayPass(error: Error, reachedAt: number): boolean {
	if (!(error instanceof ApiError)) return false;
	const isServerFault = error.status === undefined || error.status === 429 || error.status >= 500;
	return isServerFault && Date.now() - reachedAt < UNREACHABLE_MS;
}

function unreadable(
	prediction: Prediction,
	error: Error,
	{ kind: { noun } = PREDICTION }: WaitOptions,
): PredictionError {
	return new PredictionError(
		`The ${noun} was created, but it cannot be read any more: ${error.message}`,
		{ code: 'runUnreadable', noun, id: prediction.id },
		prediction,
	);
}

async function pauseOrStop(
	client: ReplicateClient,
	prediction: Prediction,
	ms: number,
	options: WaitOptions,
): Promise<void> {
	const stopped = await sleep(ms, options.signal).then(
		() => false,
		() => true,
	);
	if (stopped) await stop(client, prediction, options);
}

async function stop(
	client: ReplicateClient,
	prediction: Prediction,
	{ onStop, kind = PREDICTION }: WaitOptions,
): Promise<never> {
	if (onStop === 'cancel') await abandonPrediction(client, prediction.id, kind);
	const fate = onStop === 'cancel' ? 'was cancelled' : 'is still running';
	throw new StoppedError(
		`The workflow was stopped, and ${kind.noun} ${prediction.id} ${fate}`,
		predictionDetails(prediction),
	);
}

/** Ends the wait at the deadline. A result that came at the last moment is kept. */
async function giveUp(
	client: ReplicateClient,
	prediction: Prediction,
	{ onTimeout, kind = PREDICTION }: WaitOptions,
): Promise<Prediction> {
	const { noun } = kind;
	const { id } = prediction;
	const facts = { noun, id, progress: progressText(prediction) || undefined };
	if (onTimeout === 'leave') {
		throw new PredictionError(
			`The ${noun} was not finished within the time limit and is still running`,
			{ code: 'timeUpLeftRunning', ...facts },
			prediction,
		);
	}
	const cancelled = await abandonPrediction(client, id, kind);
	if (cancelled?.status === 'succeeded') return cancelled;
	throw new PredictionError(
		cancelled
			? `The ${noun} was not finished within the time limit and was cancelled`
			: `The ${noun} was not finished within the time limit, and Replicate did not respond to the request to cancel it`,
		{ code: cancelled ? 'timeUpCancelled' : 'timeUpCancelUnconfirmed', ...facts },
		{ ...prediction, ...cancelled },
	);
}
