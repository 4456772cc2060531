import { PredictionError } from '../api/errors';
import { oneLine } from '../api/oneLine';
import type { Prediction } from '../api/shapes';
import type { JobKind } from '../models/jobKind';
import { errorText, wholeError } from './errorText';
import { failureOf, mayBeUnreadable } from './failures';

/**
 * Whether a prediction is yet to end. Everything but `starting` and `processing` is an end, also a
 * status that is not known yet: waiting on it could never finish.
 */
export function isPending({ status }: { status: unknown }): boolean {
	return status === 'starting' || status === 'processing';
}

/**
 * Passes on a prediction that has a result.
 *
 * @param kind    what it is, for the error
 * @param baseUrl the API's address, which tells uploaded files from others
 * @throws PredictionError for one that ended in any other way
 */
export function assertSucceeded(
	prediction: Prediction,
	baseUrl: URL,
	{ noun }: Pick<JobKind, 'noun'>,
): Prediction {
	const { status, id } = prediction;
	if (status === 'succeeded') {
		if (noun === 'prediction') assertNotRemoved(prediction);
		return prediction;
	}
	const reason = errorText(prediction);
	if (status === 'failed') {
		const failure = failureOf(reason);
		const failed = noun === 'training' ? 'The training failed' : 'The model failed';
		const whole = wholeError(prediction);
		const error = new PredictionError(
			`${failure?.message ?? failed}: ${reason ?? 'it gave no reason'}`,
			{
				code: 'runFailed',
				noun,
				id,
				failure: failure?.code,
				mayBeFileUrl: mayBeUnreadable(prediction, reason, baseUrl),
				lastLogLine: lastLogLine(prediction),
			},
			prediction,
		);
		if (whole !== undefined) error.details.error = whole;
		throw error;
	}
	if (status === 'canceled') {
		throw new PredictionError(
			`The ${noun} was cancelled before it had a result`,
			{ code: 'runCancelled', noun, id, reason },
			prediction,
		);
	}
	if (status === 'aborted') {
		throw new PredictionError(
			`The ${noun} was ended by Replicate before it started`,
			{ code: 'runAborted', noun, id, reason },
			prediction,
		);
	}
	throw new PredictionError(
		`The ${noun} ended with the unknown status "${oneLine(status, 50)}"`,
		{ code: 'runStatusUnknown', noun, id },
		prediction,
	);
}

/** @throws PredictionError for one that has succeeded and whose output Replicate has removed */
export function assertNotRemoved(prediction: Prediction): void {
	const { id, status, data_removed: isRemoved, completed_at: completedAt } = prediction;
	if (status !== 'succeeded' || !isRemoved) return;
	throw new PredictionError(
		'The prediction succeeded, but Replicate has removed its output',
		{ code: 'dataRemoved', noun: 'prediction', id, completedAt: completedAt ?? undefined },
		prediction,
	);
}

function lastLogLine({ logs }: Prediction): string | undefined {
	const line = logs?.trimEnd().split('\n').at(-1)?.trim();
	return line ? oneLine(line, 300) : undefined;
}

/** How long Replicate keeps the output of a prediction after its end, in ms (docs, data retention). */
export const OUTPUT_KEPT_MS = 60 * 60 * 1_000;
