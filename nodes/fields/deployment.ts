import { locatorField } from './field';

/** Which deployment: picked from the account's, or written. */
export const deployment = locatorField({
	displayName: 'Deployment',
	name: 'deployment',
	required: true,
	default: { mode: 'list', value: '' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose a deployment',
			typeOptions: { searchListMethod: 'searchDeployments', searchable: true },
		},
		{
			displayName: 'By Name',
			name: 'name',
			type: 'string',
			placeholder: 'e.g. my-company/my-deployment',
			hint: 'owner/name',
		},
	],
});
