import type { INodeProperties } from 'n8n-workflow';
import { choiceField } from './bounded';
import { valueField, type Shown } from './field';

/** Whether inputs come from the model's form or as JSON. */
export const inputMode = choiceField(
	{ displayName: 'Input Mode', name: 'inputMode', noDataExpression: true, default: 'fields' },
	{
		fields: { name: 'Fields', description: 'A form of the model’s own inputs' },
		json: { name: 'JSON', description: 'One JSON object with all inputs' },
	},
);

/** All inputs as one JSON object. */
export const inputJson = valueField({
	displayName: 'Input (JSON)',
	name: 'inputJson',
	type: 'json',
	default: '{}',
	placeholder: 'e.g. { "prompt": "a red fox in the snow" }',
	description:
		'The model’s inputs, as its API page shows them. A file input takes the name of a binary field, or a URL.',
});

/** The model's form: n8n's resource mapper, read whole, because n8n checks its values by itself. */
export const inputFields = valueField({
	displayName: 'Inputs',
	name: 'inputFields',
	type: 'resourceMapper',
	noDataExpression: true,
	default: { mappingMode: 'defineBelow', value: null },
	required: true,
	description:
		'A file takes the name of a binary field (several with commas for a list), a URL, or a data URI',
});

/** Files of the item for inputs of the model, row by row. */
export const fileInputs = valueField({
	displayName: 'File Inputs',
	name: 'fileInputs',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add File Input',
	default: {},
	description: 'Files of the incoming item to send to the model',
	options: [
		{
			displayName: 'File Input',
			name: 'values',
			values: [
				{
					displayName: 'Model Input',
					name: 'input',
					type: 'string',
					default: '',
					placeholder: 'e.g. image',
					description: 'The name of the model’s input',
				},
				{
					displayName: 'Binary Fields',
					name: 'binaryFields',
					type: 'string',
					default: 'data',
					placeholder: 'e.g. data',
					description: 'The binary field that holds the file; several with commas, for a list',
				},
			],
		},
	],
});

/**
 * What the model gets.
 *
 * @param method the panel's method that returns the form's fields
 */
export function inputProperties(show: Shown, method: string): INodeProperties[] {
	const inFields = { ...show, inputMode: ['fields'] };
	const mapper = {
		loadOptionsDependsOn: ['target', 'model.value', 'deployment.value', 'options.version'],
		resourceMapper: {
			resourceMapperMethod: method,
			mode: 'add' as const,
			valuesLabel: 'Inputs',
			fieldWords: { singular: 'input', plural: 'inputs' },
			noFieldsError: 'This model takes no inputs.',
			addAllFields: true,
			supportAutoMap: false,
			multiKeyMatch: false,
		},
	};
	return [
		inputMode.at(show),
		{ ...inputFields.at(inFields), typeOptions: mapper },
		{
			displayName:
				'For a file, write the name of a binary field (such as <code>data</code>), or a URL. Leave a required file empty to use the item’s only file.',
			name: 'filesNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: inFields },
		},
		inputJson.at({ ...show, inputMode: ['json'] }),
		fileInputs.at(show),
	];
}
