import { choiceField } from './bounded';
import { option } from './collection';

/** What an execution that was started by hand in the editor does instead of creating predictions. */
export const manualRuns = option(
	choiceField(
		{
			displayName: 'Manual Runs',
			name: 'manualRuns',
			default: 'run',
			description:
				'What happens when you run the workflow by hand in the editor. Executions that a trigger, a webhook or another workflow starts always run the model.',
		},
		{
			run: { name: 'Run the Model', description: 'Create a prediction for each item' },
			example: {
				name: 'Use the Model’s Example',
				description:
					'Return the example of the model’s page, with its files, as if it had just run. Nothing is created or paid, and your inputs are checked all the same.',
			},
		},
	),
);
