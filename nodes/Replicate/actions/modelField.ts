import type { INodeProperties } from 'n8n-workflow';

type Shown = NonNullable<INodeProperties['displayOptions']>['show'];

/** The field that names a model: picked from a list, written, or by its page's address. */
export function modelField(show: Shown, description: string): INodeProperties {
	return {
		displayName: 'Model',
		name: 'model',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: '' },
		description,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Search, for example: upscale',
				typeOptions: {
					searchListMethod: 'searchModels',
					searchable: true,
				},
			},
			{
				displayName: 'By Name',
				name: 'name',
				type: 'string',
				placeholder: 'e.g. black-forest-labs/flux-schnell',
				hint: 'owner/name, owner/name:version, or a version ID',
			},
			{
				displayName: 'By URL',
				name: 'url',
				type: 'string',
				placeholder: 'e.g. https://replicate.com/black-forest-labs/flux-schnell',
				validation: [
					{
						type: 'regex',
						properties: {
							regex: 'https?://(www\\.)?replicate\\.com/[^/]+/[^/].*',
							errorMessage: 'This is not the address of a model on replicate.com',
						},
					},
				],
			},
		],
		displayOptions: { show },
	};
}
