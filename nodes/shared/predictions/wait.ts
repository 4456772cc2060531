import { ApiError, PredictionError } from '../api/errors';
import type { Prediction } from '../api/shapes';
import { cancelJob, stopJob } from './cancel';
import type { JobKind } from '../models/jobKind';
import { progressText } from './progress';
import type { JobHandle } from './record';
import { isPending } from './status';
import { isJobTooLarge } from './tooLarge';

/** Pause between two looks, in ms: it grows by `factor` (Replicate docs advise 1 to 2 s). */
const POLL_MS = { first: 1_000, factor: 1.5, max: 5_000 };
/** How much a waiting item reads on average at most, in characters a second. */
const POLLED_PER_S = 256 * 1024;
/** The longest pause for a large response, in ms. */
const MAX_PAUSE_MS = 30_000;
/** How long the last look may take, in ms, when the time is up meanwhile. */
const LAST_LOOK_MS = 5_000;
/** How long Replicate may be out of reach before waiting ends, in ms. */
const UNREACHABLE_MS = 120_000;
/** A new prediction may be unknown to another of Replicate's servers for a moment. */
const TOLERATED_404 = 2;

interface WaitOptions {
	/** Called with a prediction that is still running whenever it has new log lines. */
	onProgress?: (prediction: Prediction) => void;
	/** Ends one pause early, as when a stream says that the prediction has ended. */
	wakeUp?: Promise<void>;
}

/**
 * Waits until a prediction has ended, in whatever way.
 *
 * @throws PredictionError when the time is up, or the prediction cannot be read any more; both carry
 *                         its id, so that its result can be fetched later
 * @throws StoppedError    when the workflow was stopped
 */
export async function waitForEnd(
	job: JobHandle,
	prediction: Prediction,
	{ onProgress, wakeUp }: WaitOptions = {},
): Promise<Prediction> {
	const { api, kind, deadline, signal, record } = job;
	const sleep = sleepUntil(api, wakeUp);
	let latest = prediction;
	let reachedAt = api.now();
	let missing = 0;
	// A held create can answer "processing" with the output: one look at once settles that.
	let pause = hasOutput(prediction) ? 0 : POLL_MS.first;
	while (isPending(latest)) {
		const remaining = deadline - api.now();
		if (remaining <= 0) return await giveUp(job, latest);
		await sleep(Math.min(pause, remaining), signal).catch(() => undefined);
		if (signal?.aborted) return await stopJob(job, latest);
		const until = Math.max(deadline, api.now() + LAST_LOOK_MS);
		const response = await api
			.read(kind, latest.id, { signal, until })
			.catch((error: Error) => error);
		if (response instanceof Error) {
			if (signal?.aborted) return await stopJob(job, latest);
			const isMissing = response instanceof ApiError && response.status === 404;
			missing += isMissing ? 1 : 0;
			const passes = isMissing
				? missing <= TOLERATED_404
				: mayPass(response, api.now() - reachedAt);
			if (!passes) {
				record?.became('leftRunning');
				throw isJobTooLarge(response) ? response : unreadableError(latest, response, kind);
			}
		} else {
			if (isPending(response) && response.logs !== latest.logs) onProgress?.(response);
			latest = response;
			record?.is(latest);
			reachedAt = api.now();
		}
		pause = Math.max(nextPollMs(pause), pauseForSize(latest));
	}
	return latest;
}

/** Pauses, the first of which ends early where it is woken, or was before. */
function sleepUntil(
	{ sleep }: JobHandle['api'],
	wakeUp?: Promise<void>,
): JobHandle['api']['sleep'] {
	if (!wakeUp) return sleep;
	let hasWoken = false;
	return async (ms, signal) => {
		if (hasWoken) return await sleep(ms, signal);
		await Promise.race([sleep(ms, signal), wakeUp.then(() => void (hasWoken = true))]);
	};
}

/**
 * The least pause after a response, in ms: each poll brings everything anew that a model has written so
 * far, and Replicate has no cheaper question than that.
 */
export function pauseForSize({ output, logs }: Prediction): number {
	const characters = JSON.stringify(output ?? null).length + (logs?.length ?? 0);
	return Math.min((characters / POLLED_PER_S) * 1_000, MAX_PAUSE_MS);
}

/** The pause after one of `previous` ms: from 1 s up to 5 s. */
export function nextPollMs(previous: number): number {
	return Math.min(Math.max(previous * POLL_MS.factor, POLL_MS.first), POLL_MS.max);
}

function hasOutput({ output }: Prediction): boolean {
	return output !== null && output !== undefined;
}

/** @param forMs how long Replicate has been out of reach */
function mayPass(error: Error, forMs: number): boolean {
	if (!(error instanceof ApiError)) return false;
	const isServerFault = error.status === undefined || error.status === 429 || error.status >= 500;
	const { failure } = error;
	if (failure.kind === 'network' && failure.permanent) return false;
	return isServerFault && forMs < UNREACHABLE_MS;
}

/** The error of what was created and can be found later. */
export function unreadableError(
	prediction: Prediction,
	error: Error,
	{ noun }: JobKind,
): PredictionError {
	return new PredictionError(
		`The ${noun} was created, but it can no longer be read: ${error.message}`,
		{ code: 'runUnreadable', noun, id: prediction.id },
		prediction,
	);
}

/** Ends the wait at the deadline. A prediction that ended at the last moment is returned. */
async function giveUp(job: JobHandle, prediction: Prediction): Promise<Prediction> {
	const { onTimeout, record } = job;
	const { noun } = job.kind;
	const { id } = prediction;
	const facts = { noun, id, progress: progressText(prediction) || undefined };
	if (onTimeout === 'leave') {
		record?.became('leftRunning');
		throw new PredictionError(
			`The ${noun} was not finished within the time limit and is still running`,
			{ code: 'timeUpLeftRunning', ...facts },
			prediction,
		);
	}
	const { fate, prediction: latest = prediction } = await cancelJob(job, prediction);
	if (fate === 'ended') return latest;
	if (fate === 'cancelled') {
		throw new PredictionError(
			`The ${noun} was not finished within the time limit and was cancelled`,
			{ code: 'timeUpCancelled', ...facts },
			latest,
		);
	}
	throw new PredictionError(
		`The ${noun} was not finished within the time limit, and Replicate did not confirm that it was cancelled, so it may still be running`,
		{ code: 'timeUpCancelUnconfirmed', ...facts },
		latest,
	);
}
