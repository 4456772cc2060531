import type { RunTarget } from '../models/runTarget';

/** What runs at Replicate and is waited for. Predictions and trainings behave alike. */
export interface RunKind {
	/** Where the API has them. */
	path: '/predictions' | '/trainings';
	noun: 'prediction' | 'training';
}

export const PREDICTION: RunKind = { path: '/predictions', noun: 'prediction' };

export const TRAINING: RunKind = { path: '/trainings', noun: 'training' };

/** What a create makes. */
export function kindOf({ training }: RunTarget): RunKind {
	return training ? TRAINING : PREDICTION;
}
