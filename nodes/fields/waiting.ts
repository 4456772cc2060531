import { choiceField, clampedField, numberField } from './bounded';
import { option } from './collection';
import { switchField } from './field';

/** In s: the most is that of `Cancel-After` (Replicate docs, prediction lifecycle). */
const TIMEOUT = { min: 1, max: 86_400 };

/** When the workflow continues: the same three ways for predictions and trainings. */
export const waitFor = choiceField(
	{
		displayName: 'Wait For',
		name: 'waitFor',
		noDataExpression: true,
		default: 'result',
		builderHint: {
			propertyHint:
				'Leave "result" for nearly everything. Use "callback" for what takes minutes, such as videos and trainings, in workflows whose n8n can be reached from the internet; never in a tool of an agent. Use "nothing" only if another workflow or a later node fetches the result.',
		},
		description:
			'When the workflow continues. You can turn on Settings → Retry On Fail: only predictions that failed or were cancelled are created again.',
	},
	{
		callback: {
			name: 'Callback',
			description:
				'Suspend the workflow until Replicate calls back, for long predictions. Does not block a worker; n8n must be reachable from the internet.',
		},
		nothing: {
			name: 'Nothing',
			description: 'Continue at once. Prediction → Get fetches the result later.',
		},
		result: {
			name: 'Result',
			description: 'Wait until the prediction has ended',
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

/** In s. Trainings take from minutes to hours. */
export const trainingTimeout = timeout.with({
	default: 21_600,
	description: 'How long to wait for each training',
});

/** What becomes of a prediction at the end of its time. */
export const onTimeout = option(
	choiceField(
		{
			displayName: 'When Time Is Up',
			name: 'onTimeout',
			default: 'cancel',
			description:
				'What happens to a prediction that is not finished in time. One that is left running can be read later with Prediction → Get.',
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
