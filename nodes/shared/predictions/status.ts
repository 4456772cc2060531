import { oneLine, PredictionError } from '../api/errors';
import type { Prediction } from '../api/types';
import type { RunKind } from './kind';
import { failureOf } from './failures';
import { fileUrlHint } from './fileUrlHint';

/**
 * Whether a prediction is still to end. Everything but `starting` and `processing` is an end, also a
 * status that is not known yet: waiting on it could never finish.
 */
export function isPending({ status }: { status: unknown }): boolean {
	return status === 'starting' || status === 'processing';
}

/**
 * Passes on a prediction that has a result.
 *
 * @param kind    what it is, for the error's words
 * @param baseUrl the API's address, which tells uploaded files from others
 * @throws PredictionError for one that ended in any other way
 */
export function assertSucceeded(
	prediction: Prediction,
	baseUrl: URL,
	{ noun }: Pick<RunKind, 'noun'>,
): Prediction {
	const resource = noun === 'training' ? 'Training' : 'Prediction';
	const { status, id } = prediction;
	if (status === 'succeeded') return prediction;
	const reason = errorText(prediction);
	if (status === 'failed') {
		const known = failureOf(reason);
		const failed = noun === 'training' ? 'The training failed' : 'The model failed';
		const words = known ? known.message : failed;
		const advice = known?.advice ?? fileUrlHint(prediction, reason, baseUrl);
		throw new PredictionError(
			`${words}: ${reason ?? 'it gave no reason'}`,
			`${advice ? `${advice} ` : ''}${resource} ${id}. ${lastLogLine(prediction)}The whole log is on its page at replicate.com/p/${id}.`,
			prediction,
		);
	}
	if (status === 'canceled' || status === 'aborted') {
		throw new PredictionError(
			status === 'canceled'
				? `The ${noun} was cancelled before it had a result`
				: `The ${noun} was ended by Replicate before it began`,
			`${resource} ${id}. ${reason ? `${reason} ` : ''}Somebody cancelled it, or its time was up.`,
			prediction,
		);
	}
	throw new PredictionError(
		`The ${noun} ended with the unknown status "${oneLine(status, 50)}"`,
		`Look at replicate.com/p/${id} to see what happened.`,
		prediction,
	);
}

/** The model's own error text on one line, or `undefined`. */
export function errorText({ error }: Prediction): string | undefined {
	if (error === null || error === undefined || error === '') return undefined;
	const text = typeof error === 'string' ? error : JSON.stringify(error);
	return oneLine(text, 1_000);
}

function lastLogLine({ logs }: Prediction): string {
	const line = logs?.trimEnd().split('\n').at(-1)?.trim();
	return line ? `Last line of its log: ${oneLine(line, 300)} ` : '';
}
