import { choiceField, choicesField } from '../fields/bounded';
import { textField } from '../fields/field';
import { downloadFiles } from '../fields/output';

/** What starts the workflow. */
export const source = choiceField(
	{
		displayName: 'Source',
		name: 'source',
		default: 'all',
		description: 'What starts the workflow',
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
		displayName: 'Statuses',
		name: 'statuses',
		default: ['succeeded', 'failed', 'canceled', 'aborted'],
		description: 'Which statuses start the workflow; none means all',
	},
	{
		aborted: { name: 'Aborted', description: 'Ended before it started to run' },
		canceled: 'Canceled',
		failed: 'Failed',
		processing: { name: 'Processing', description: 'Running, with new logs or output' },
		starting: 'Starting',
		succeeded: 'Succeeded',
	},
);

/** Models, or their owners, with commas; empty: all. */
export const models = textField({
	displayName: 'Models',
	name: 'models',
	placeholder: 'e.g. black-forest-labs/flux-schnell, my-company',
	description: 'Models, or their owners, that start the workflow, with commas; empty means all',
});

/** Off at first: not every workflow wants the files. */
export const downloads = downloadFiles.with({ default: false });
