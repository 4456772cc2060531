import { choiceField, choicesField } from '../fields/bounded';
import { textField } from '../fields/field';
import { downloadFiles } from '../fields/output';

/** What starts the workflow. */
export const source = choiceField(
	{
		displayName: 'Source',
		name: 'source',
		default: 'all',
		description: 'Which runs start the workflow',
	},
	{
		all: 'Predictions and Trainings',
		predictions: 'Predictions Only',
		trainings: 'Trainings Only',
	},
);

/** The statuses that start the workflow; none: all. */
export const statuses = choicesField(
	{
		displayName: 'Trigger On',
		name: 'statuses',
		default: ['succeeded', 'failed', 'canceled', 'aborted'],
		description: 'Which statuses start the workflow. If you choose none, all of them do.',
	},
	// In the order of n8n's list of triggers: what most builders look for comes first.
	{
		succeeded: {
			name: 'Succeeded',
			action: 'On prediction or training succeeded',
			description: 'It has ended, and its output is ready',
		},
		failed: {
			name: 'Failed',
			action: 'On prediction or training failed',
			description: 'It has ended with an error of the model',
		},
		canceled: {
			name: 'Cancelled',
			action: 'On prediction or training cancelled',
			description: 'It was cancelled, or its time limit was reached',
		},
		aborted: {
			name: 'Aborted',
			action: 'On prediction or training aborted',
			description: 'Stopped before the model began',
		},
		starting: {
			name: 'Starting',
			action: 'On prediction or training starting',
			description: 'It was created, and a machine is getting ready',
		},
		processing: {
			name: 'Processing',
			action: 'On prediction or training progress',
			description: 'It is running, and has new logs or output',
		},
	},
);

/** Models, or their owners, with commas; empty: all. */
export const models = textField({
	displayName: 'Models',
	name: 'models',
	placeholder: 'e.g. black-forest-labs/flux-schnell, my-company',
	description:
		'Models or owners whose runs start the workflow, separated by commas. If empty, all of them do.',
});

/** Off at first: not every workflow wants the files. */
export const downloads = downloadFiles.with({ default: false });
