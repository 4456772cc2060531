import { ApiError, PredictionError } from '../api/errors';
import type { Prediction } from '../api/shapes';
import type { PredictionsApi } from './api';
import { cancelRecorded } from './cancel';
import type { JobKind } from '../models/jobKind';
import { progressText } from './progress';
import type { JobRecord } from './record';
import { isPending } from './status';
import { stoppedError } from './stopped';
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

export interface WaitOptions {
	/** What is waited for. */
	kind: JobKind;
	/** When to give up, as a time in ms. */
	deadline: number;
	/** What happens to the prediction then. */
	onTimeout: 'cancel' | 'leave';
	/** What happens to it when the workflow is stopped. */
	onStop: () => 'cancel' | 'leave';
	/** Aborted when the workflow is stopped. */
	signal?: AbortSignal;
	/** Where its states are written down; a prediction that this run did not create has no record. */
	record?: Pick<JobRecord, 'is' | 'became'>;
	/** Called with a prediction that is still running whenever it has new log lines. */
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
	api: PredictionsApi,
	prediction: Prediction,
	options: WaitOptions,
): Promise<Prediction> {
	const { kind, deadline, signal, record } = options;
	let latest = prediction;
	let reachedAt = api.now();
	let missing = 0;
	// A held create can answer "processing" with the output: one look at once settles that.
	let pause = hasOutput(prediction) ? 0 : POLL_MS.first;
	while (isPending(latest)) {
		const remaining = deadline - api.now();
		if (remaining <= 0) return await giveUp(api, latest, options);
		await api.sleep(Math.min(pause, remaining), signal).catch(() => undefined);
		if (signal?.aborted) return await stop(api, latest, options);
		const until = Math.max(deadline, api.now() + LAST_LOOK_MS);
		const response = await api
			.read(kind, latest.id, { signal, until })
			.catch((error: Error) => error);
		if (response instanceof Error) {
			if (signal?.aborted) return await stop(api, latest, options);
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
			if (isPending(response) && response.logs !== latest.logs) options.onProgress?.(response);
			latest = response;
			record?.is(latest);
			reachedAt = api.now();
		}
		pause = Math.max(nextPollMs(pause), pauseForSize(latest));
	}
	return latest;
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

/** Ends the wait when the workflow was stopped. */
async function stop(
	api: PredictionsApi,
	prediction: Prediction,
	{ onStop, kind, record }: WaitOptions,
): Promise<never> {
	if (onStop() === 'leave') {
		record?.became('leftForRetry');
		throw stoppedError(kind, prediction, 'running');
	}
	const { fate, prediction: latest = prediction } = await cancelRecorded(
		api,
		kind,
		prediction,
		record,
	);
	throw stoppedError(kind, latest, fate);
}

/** Ends the wait at the deadline. A prediction that ended at the last moment is returned. */
async function giveUp(
	api: PredictionsApi,
	prediction: Prediction,
	{ onTimeout, kind, record }: WaitOptions,
): Promise<Prediction> {
	const { noun } = kind;
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
	const { fate, prediction: latest = prediction } = await cancelRecorded(
		api,
		kind,
		prediction,
		record,
	);
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
