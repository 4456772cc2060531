import { ApiError } from '../api/errors';
import type { Prediction } from '../api/shapes';
import type { PredictionsApi } from './api';
import type { RunKind } from '../models/runKind';
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
export interface Cancelled {
	/** `ended`: it had ended before, with whatever result. */
	fate: 'cancelled' | 'ended' | 'unconfirmed';
	/** As it was last seen. */
	prediction?: Prediction;
}

/**
 * Cancels what is billed, and finds out whether it was. A cancel can be sent any number of times, so
 * it is repeated for 10 s; when none is confirmed, one read says what became of it. Never throws.
 */
export async function cancelForSure(
	api: PredictionsApi,
	kind: RunKind,
	id: string,
): Promise<Cancelled> {
	const until = api.now() + CANCEL_MS;
	for (let pause = PAUSE_MS; ; pause *= 2) {
		const tryUntil = Math.min(until, api.now() + TRY_MS);
		const response = await api
			.cancel(kind, id, { until: tryUntil })
			.catch((error: unknown) => error);
		if (isPrediction(response))
			return { fate: fateOf(response, 'cancelled'), prediction: response };
		if (!mayPass(response) || api.now() + pause >= until) break;
		await api.sleep(pause);
	}
	const prediction = await api
		.read(kind, id, { until: api.now() + READ_MS })
		.catch(() => undefined);
	return { fate: prediction ? fateOf(prediction, 'unconfirmed') : 'unconfirmed', prediction };
}

function isPrediction(response: unknown): response is Prediction {
	return !(response instanceof Error);
}

/** @param whenPending what it means that it has not ended yet */
function fateOf(prediction: Prediction, whenPending: Cancelled['fate']): Cancelled['fate'] {
	if (isPending(prediction)) return whenPending;
	const isCancelled = prediction.status === 'canceled' || prediction.status === 'aborted';
	return isCancelled ? 'cancelled' : 'ended';
}

function mayPass(error: unknown): boolean {
	if (!(error instanceof ApiError)) return false;
	const { status } = error;
	return status === undefined || status === 408 || status === 429 || status >= 500;
}
