import { ApiError, predictionDetails, StoppedError } from '../api/errors';
import type { Prediction } from '../api/shapes';
import type { JobHandle, JobRecord } from './record';
import { isPending } from './status';

/** How long a cancel may take with all its tries, in ms. */
const CANCEL_MS = 10_000;
/** How long one try may take, in ms, so that a stalled one leaves time for the next. */
const TRY_MS = 4_000;
/** Pause after the first failed try, in ms; it doubles. */
const PAUSE_MS = 500;
/** How long the read may take that tells what became of an unconfirmed cancel, in ms. */
const READ_MS = 5_000;

/** What a cancel did, as far as Replicate says. */
interface Cancelled {
	/** `ended`: it had ended before, or ended meanwhile, with whatever result. */
	fate: 'cancelled' | 'ended' | 'unconfirmed';
	/** As it was last seen. */
	prediction?: Prediction;
	/** Why an unconfirmed cancel was not even taken. */
	error?: Error;
}

/**
 * Cancels what is billed, and finds out whether it was: a cancel that was accepted can still come too
 * late. It can be sent any number of times, so it is repeated for 10 s, until the prediction has ended;
 * then one read says what became of it. Never throws.
 *
 * @param isKnown whether it certainly exists, so that "not found" passes
 */
export async function cancelForSure(
	{ api, kind }: Pick<JobHandle, 'api' | 'kind'>,
	id: string,
	isKnown = true,
): Promise<Cancelled> {
	const until = api.now() + CANCEL_MS;
	let seen: Prediction | undefined;
	let error: Error | undefined;
	for (let pause = PAUSE_MS; ; pause *= 2) {
		const tryUntil = Math.min(until, api.now() + TRY_MS);
		const response = await api
			.cancel(kind, id, { until: tryUntil })
			.catch((failure: Error) => failure);
		if (response instanceof Error) {
			error = response;
			if (!mayPass(response, isKnown)) break;
		} else {
			if (!isPending(response)) return { fate: fateOf(response), prediction: response };
			seen = response;
			error = undefined;
		}
		if (api.now() + pause >= until) break;
		await api.sleep(pause);
	}
	const prediction = await api
		.read(kind, id, { until: api.now() + READ_MS })
		.catch(() => undefined);
	if (prediction && !isPending(prediction)) return { fate: fateOf(prediction), prediction };
	return { fate: 'unconfirmed', prediction: prediction ?? seen, error };
}

/** Cancels what a run of the node has created, and writes down what became of it. Never throws. */
export async function cancelJob(
	job: Pick<JobHandle, 'api' | 'kind'> & { record?: Pick<JobRecord, 'is' | 'became'> },
	{ id }: Pick<Prediction, 'id'>,
): Promise<Cancelled> {
	const { record } = job;
	const cancelled = await cancelForSure(job, id);
	const { fate, prediction } = cancelled;
	if (prediction) record?.is(prediction);
	if (fate !== 'ended') record?.became(fate === 'cancelled' ? 'cancelled' : 'cancelUnconfirmed');
	return cancelled;
}

/**
 * Ends a job because the workflow was stopped: cancels it, or leaves it for the next try.
 *
 * @throws StoppedError that says what became of it
 */
export async function stopJob(job: JobHandle, prediction: Prediction): Promise<never> {
	const { record, onStop } = job;
	if (!isPending(prediction)) throw stoppedError(job, prediction, fateOf(prediction));
	if (onStop() === 'leave') {
		record?.became('leftForRetry');
		throw stoppedError(job, prediction, 'running');
	}
	const { fate, prediction: latest = prediction } = await cancelJob(job, prediction);
	throw stoppedError(job, latest, fate);
}

const FATES: Record<Cancelled['fate'] | 'running', (status: string) => string> = {
	cancelled: () => 'was cancelled',
	ended: (status) => `had ended before (${status})`,
	running: () => 'is still running',
	unconfirmed: () => 'may still be running: Replicate did not confirm the cancellation',
};

/** The error of an item that was stopped, with what became of its prediction. */
function stoppedError(
	{ kind, signal }: JobHandle,
	prediction: Prediction,
	fate: Cancelled['fate'] | 'running',
): StoppedError {
	return new StoppedError(signal, {
		fate: `${kind.noun} ${prediction.id} ${FATES[fate](prediction.status)}`,
		details: predictionDetails(prediction),
	});
}

/** What became of one that has ended. */
export function fateOf({ status }: Prediction): 'cancelled' | 'ended' {
	return status === 'canceled' || status === 'aborted' ? 'cancelled' : 'ended';
}

function mayPass(error: Error, isKnown: boolean): boolean {
	if (!(error instanceof ApiError)) return false;
	const { status } = error;
	if (status === undefined || status === 408 || status === 429 || status >= 500) return true;
	// A new one may be unknown to another of Replicate's servers for a moment.
	return status === 404 && isKnown;
}
