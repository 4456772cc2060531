import { choiceField, clampedField, numberField } from './bounded';
import { option } from './collection';
import { switchField } from './field';

/** In s: the most is that of `Cancel-After` (Replicate docs, prediction lifecycle). */
const TIMEOUT = { min: 1, max: 86_400 };

/** When the workflow continues: the same three ways for predictions and trainings. */
export const waitFor = choiceField(
	{
		displayName: 'Continue',
		name: 'waitFor',
		noDataExpression: true,
		default: 'result',
		builderHint: {
			propertyHint:
				'Leave "result" for nearly everything. Use "callback" for what takes minutes, such as videos and trainings, in workflows whose n8n can be reached from the internet; never in a tool of an agent. Use "nothing" only if another workflow or a later node fetches the result.',
		},
		description: 'When the workflow continues',
	},
	{
		result: {
			name: 'When the Result Is Ready',
			description: 'Wait here until the prediction has ended',
		},
		callback: {
			name: 'When Replicate Calls Back',
			description:
				'Suspend the workflow meanwhile, for predictions that take minutes. Does not block a worker; n8n must be reachable from the internet.',
		},
		nothing: {
			name: 'Right Away',
			description: 'Do not wait. Prediction → Get fetches the result later.',
		},
	},
);

/** Whether reading a prediction or a training waits for its end. */
export const waitUntilFinished = switchField({
	displayName: 'Wait Until Finished',
	name: 'waitUntilFinished',
	default: false,
	description:
		'Whether to wait until the prediction has ended. If it ends without a result, the item fails.',
});

/** In s. The default is Replicate's own limit of a run (docs, prediction lifecycle). */
export const timeout = option(
	numberField(
		{
			displayName: 'Timeout (Seconds)',
			name: 'timeout',
			default: 1_800,
			description: 'How long to wait for each prediction',
		},
		TIMEOUT,
	),
);

/** What becomes of a prediction at the end of its time. */
export const onTimeout = option(
	choiceField(
		{
			displayName: 'On Timeout',
			name: 'onTimeout',
			default: 'cancel',
			description:
				'What happens to a prediction that has not ended in time. One that is left running can be read later with Prediction → Get.',
		},
		{ cancel: 'Cancel the Prediction', leave: 'Leave It Running' },
	),
);

/** How many items a run of the node processes at the same time. */
export const concurrency = option(
	clampedField(
		{
			displayName: 'Concurrency',
			name: 'concurrency',
			default: 5,
			description: 'How many items to process at the same time',
		},
		{ min: 1, max: 100 },
	),
);
