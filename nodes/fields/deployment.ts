import { loadedField, locatorField } from './field';

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

/** The machine that a deployment or a model runs on. */
export const hardware = loadedField({
	displayName: 'Hardware Name or ID',
	name: 'hardware',
	method: 'getHardware',
	description:
		'The machine to run on. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
});
