import { choiceField } from './bounded';
import { option } from './collection';

/** Whether an equal result of the account is taken instead of paying for another. */
export const reuse = option(
	choiceField(
		{
			displayName: 'Reuse Results',
			name: 'reuse',
			default: 'never',
			description:
				'Whether to reuse an equal prediction of this account instead of paying for a new one. Files that Replicate still stores are not uploaded again either. Works with Wait For → Result.',
		},
		{
			never: { name: 'Never', description: 'Each item creates a prediction' },
			sameInput: {
				name: 'Same Input',
				description:
					'Reuse a prediction of the last 50 minutes that succeeded with the same model and exactly the same input. Not for files inside the request: set Send Files As to Upload for them.',
			},
		},
	),
);
