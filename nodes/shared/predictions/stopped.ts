import { predictionDetails, StoppedError } from '../api/errors';
import type { Prediction } from '../api/shapes';
import type { Cancelled } from './cancel';
import type { JobKind } from '../models/jobKind';

const FATES: Record<Cancelled['fate'] | 'running', (status: string) => string> = {
	cancelled: () => 'was cancelled',
	ended: (status) => `had ended before (${status})`,
	running: () => 'is still running',
	unconfirmed: () => 'may still be running: Replicate did not confirm the cancellation',
};

/** The error of an item that was stopped, with what became of its prediction. */
export function stoppedError(
	{ noun }: JobKind,
	prediction: Prediction,
	fate: Cancelled['fate'] | 'running',
): StoppedError {
	const words = FATES[fate](prediction.status);
	return new StoppedError(
		`The workflow was stopped, and ${noun} ${prediction.id} ${words}`,
		predictionDetails(prediction),
	);
}
