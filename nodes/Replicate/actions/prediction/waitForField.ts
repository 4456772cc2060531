import type { INodeProperties } from 'n8n-workflow';

type Shown = NonNullable<INodeProperties['displayOptions']>['show'];

/** When the workflow goes on: the same three ways for predictions and trainings. */
export function waitForField(show: Shown): INodeProperties {
	return {
		displayName: 'Wait For',
		name: 'waitFor',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Callback',
				value: 'callback',
				description:
					'Suspend the workflow until Replicate calls back, for long predictions. Holds no worker; n8n must be reachable from the internet.',
			},
			{
				name: 'Nothing',
				value: 'nothing',
				description: 'Go on at once. Prediction → Get fetches the result later.',
			},
			{
				name: 'Result',
				value: 'result',
				description: 'Wait until the prediction has ended',
			},
		],
		default: 'result',
		description:
			'When the workflow goes on. Leave Settings → Retry On Fail off: it would create, and pay, every prediction again.',
		displayOptions: { show },
	};
}
