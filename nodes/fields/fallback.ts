import { option } from './collection';
import { valueField } from './field';

/** How many other models are tried. */
export const MAX_FALLBACKS = 2;

/** Models that are tried in turn when the chosen one is out of service. */
export const fallbackModels = option(
	valueField({
		displayName: 'Fallback Models',
		name: 'fallbackModels',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add Fallback Model',
		default: {},
		description:
			'Up to two models to try in turn when the one before is out of service. Used only when a model is unavailable, so that nothing is paid twice.',
		displayOptions: { show: { '/waitFor': ['result'] } },
		options: [
			{
				displayName: 'Fallback Model',
				name: 'values',
				values: [
					{
						displayName: 'Model',
						name: 'model',
						type: 'string',
						default: '',
						placeholder: 'e.g. black-forest-labs/flux-dev',
						description: 'As owner/name, or owner/name:version',
					},
					{
						displayName: 'Inputs (JSON)',
						name: 'inputJson',
						type: 'json',
						default: '{}',
						description:
							'Inputs of this model. All others come from the form and the additional inputs, where this model has inputs of the same names.',
					},
				],
			},
		],
	}),
);
