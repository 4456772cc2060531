import type { INodeProperties } from 'n8n-workflow';
import { switchField, valueField, type Shown } from './field';

/** Inputs as one JSON object, merged over the form: for all that the form cannot know. */
export const inputJson = valueField({
	displayName: 'Additional Inputs (JSON)',
	name: 'inputJson',
	type: 'json',
	default: '{}',
	placeholder: 'e.g. { "prompt": "a red fox in the snow" }',
	builderHint: {
		propertyHint:
			'Write ALL inputs of the model here, and leave inputFields out. First read the exact names, types, limits and choices with the loadOptions method of the parameter modelInputs, with the chosen model in currentNodeParameters; never guess them. Without expressions: one JSON object as text. With expressions: ONE expression that gives the object, such as expr(\'{{ { prompt: $json.prompt, aspect_ratio: "16:9" } }}\'). A file input takes the NAME of the binary field that holds the file, such as image: "data" (a list: ["photo1", "photo2"]), or an https URL. Leave inputs out whose default is fine.',
	},
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
	builderHint: {
		propertyHint:
			'A form for people, whose fields depend on the model. Do not set it: write all inputs into inputJson.',
	},
	description:
		'The model’s own inputs. What the form cannot hold goes into Additional Inputs (JSON).',
});

/**
 * Whether the form begins with the values of the model's example. They are values, and are sent: n8n's
 * form can show none that are not.
 */
export const fillExample = switchField({
	displayName: 'Fill In the Example',
	name: 'fillExample',
	noDataExpression: true,
	default: false,
	builderHint: { propertyHint: 'Do not set it: it fills the form, which is for people.' },
	description:
		'Whether the form begins with the inputs of the example on the model’s page. A change empties what you have filled in.',
});

/**
 * Nothing to set: it tells n8n's Assistant where the chosen model's inputs are listed, because the
 * form is a resource mapper, which the Assistant cannot ask.
 *
 * @param method the panel's method that lists them
 */
const modelInputsProperty = (method: string): INodeProperties => ({
	displayName: 'Inputs of the Model',
	name: 'modelInputs',
	type: 'hidden',
	default: '',
	typeOptions: { loadOptionsMethod: method },
	builderHint: {
		propertyHint:
			'Do not set it. Its loadOptions method lists the inputs of the model that is chosen in currentNodeParameters: value is the input’s name for inputJson; name adds its type, whether it is required, its limits, choices and default.',
	},
});

/** Files of the item for inputs of the model, row by row. */
export const fileInputs = valueField({
	displayName: 'File Inputs',
	name: 'fileInputs',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add File Input',
	default: {},
	builderHint: {
		propertyHint:
			'Rarely needed: a file input in inputJson takes the name of a binary field already. Use it only where an expression chooses the model.',
	},
	description: 'Only if no form is shown: which binary field goes into which input',
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
const HAS_FILES = `/${inputFields.property.name}.schema[0].hasFiles`;
/** A form has its own fields for files, so the rows of "File Inputs" are for where there is none. */
const HAS_FORM = `/${inputFields.property.name}.schema[0].id`;

/**
 * What the model gets.
 *
 * @param method the panel's method that returns the form's fields
 * @param isRun  whether a model or a deployment is run, whose form can begin with an example
 */
export function inputProperties(show: Shown, method: string, isRun = false): INodeProperties[] {
	const mapper = {
		// A change of any of these empties the form, so the version is not among them.
		loadOptionsDependsOn: [
			'target',
			'model.value',
			'deployment.value',
			...(isRun ? [fillExample.property.name] : []),
		],
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
		{
			displayName:
				'An expression chooses the model. The form below shows the inputs of the first item’s model: fill in what all of the models take, and write the rest into <b>Additional Inputs (JSON)</b>.',
			name: 'expressionNotice',
			type: 'notice',
			default: '',
			displayOptions: {
				show: {
					...show,
					// First: n8n before 2.0 fails at a condition on the text of a parameter that is not there.
					...(isRun ? { target: ['model'] } : {}),
					model: [{ _cnd: { startsWith: '=' } }],
				},
			},
		},
		...(isRun ? [fillExample.at(show)] : []),
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
		{ ...modelInputsProperty(method), displayOptions: { show } },
		{
			...fileInputs.property,
			displayOptions: { show, hide: { [HAS_FORM]: [{ _cnd: { exists: true } }] } },
		},
	];
}
