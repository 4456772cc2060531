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
				'Whether to take an equal prediction of this account instead of paying for it again. Files that Replicate still stores are not uploaded again either. Works with Wait For → Result.',
		},
		{
			never: { name: 'Never', description: 'Each item is a prediction of its own' },
			sameInput: {
				name: 'Same Input',
				description:
					'Take one of the last 50 minutes that succeeded with the same model and exactly the same input. Never for files inside the request: set Send Files As to Upload for them.',
			},
		},
	),
);
