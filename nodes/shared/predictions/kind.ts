/** What runs at Replicate and is waited for. Predictions and trainings behave alike. */
export interface RunKind {
	/** Where the API has them. */
	path: '/predictions' | '/trainings';
	noun: 'prediction' | 'training';
	/** As the node's resource is called. */
	resource: 'Prediction' | 'Training';
}

export const PREDICTION: RunKind = {
	path: '/predictions',
	noun: 'prediction',
	resource: 'Prediction',
};

export const TRAINING: RunKind = { path: '/trainings', noun: 'training', resource: 'Training' };
