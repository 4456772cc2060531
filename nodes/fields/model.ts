import { locatorField } from './field';

/** Which model: picked from a list, written, or by the address of its page. */
export const model = locatorField({
	displayName: 'Model',
	name: 'model',
	required: true,
	default: { mode: 'list', value: '' },
	builderHint: {
		propertyHint:
			'Find a model with this listSearch method: its filter takes words for what the model should do ("upscale image", "text to speech", "transcribe audio", "image to video", "language model") or a part of its name; take an official one, or one with many runs. Set { __rl: true, mode: "name", value: "owner/name" }, not mode "list".',
	},
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Search, for example: upscale',
			typeOptions: { searchListMethod: 'searchModels', searchable: true },
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
});
