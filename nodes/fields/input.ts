import type { INodeProperties } from 'n8n-workflow';
import { valueField, type Shown } from './field';

/** Inputs as one JSON object, merged over the form: for all that the form cannot know. */
export const inputJson = valueField({
	displayName: 'Additional Inputs (JSON)',
	name: 'inputJson',
	type: 'json',
	default: '{}',
	placeholder: 'e.g. { "prompt": "a red fox in the snow" }',
	description:
		'Inputs as a JSON object, as the model’s API page shows them. They override the form, and stay when you change the model. If an expression chooses the model, write all inputs here. A file input takes the name of a binary field, or a URL.',
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
		'The model’s own inputs. What the form cannot hold goes into Additional Inputs (JSON).',
});

/** Files of the item for inputs of the model, row by row. */
export const fileInputs = valueField({
	displayName: 'File Inputs',
	name: 'fileInputs',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add File Input',
	default: {},
	description:
		'Files of the incoming item to send to the model when its form is not known, one row for each input',
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
					description:
						'The binary field that holds the file. For a list, separate several with commas.',
				},
			],
		},
	],
});

/** The form's first field says whether the model takes files. */
const HAS_FILES = `${inputFields.property.name}.schema[0].hasFiles`;
/** A form has its own fields for files, so the rows of "File Inputs" are for where there is none. */
const HAS_FORM = `${inputFields.property.name}.schema[0].id`;

/**
 * What the model gets.
 *
 * @param method the panel's method that returns the form's fields
 */
export function inputProperties(show: Shown, method: string): INodeProperties[] {
	const mapper = {
		// A change of any of these empties the form, so the version is not among them.
		loadOptionsDependsOn: ['target', 'model.value', 'deployment.value'],
		resourceMapper: {
			// Another version may have other inputs: the form is renewed when it is opened.
			refreshStaleSchemaOnOpen: true,
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
		{ ...inputFields.at(show), typeOptions: mapper },
		{
			displayName:
				'For a file, enter the name of a binary field (such as <code>data</code>; for a list, several separated by commas) or a URL. If you leave a required file empty, the item’s only file is sent.',
			name: 'filesNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { ...show, [HAS_FILES]: [true] } },
		},
		inputJson.at(show),
		{
			...fileInputs.property,
			displayOptions: { show, hide: { [HAS_FORM]: [{ _cnd: { exists: true } }] } },
		},
	];
}
