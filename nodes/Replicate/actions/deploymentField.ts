import type { INodeProperties } from 'n8n-workflow';

type Shown = NonNullable<INodeProperties['displayOptions']>['show'];

/** The field that names a deployment: picked from the account's, or written. */
export function deploymentField(show: Shown, description: string): INodeProperties {
	return {
		displayName: 'Deployment',
		name: 'deployment',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: '' },
		description,
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
		displayOptions: { show },
	};
}
