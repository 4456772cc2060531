import type { INodeProperties } from 'n8n-workflow';
import { ParameterError } from '../../../fields/parameterError';
import { isTooDeep, parseJson, shown, type InputObject } from '../../../shared/api/json';
import type { FileAssignment } from '../../../shared/files/inputs';
import type { ModelInput } from '../../../shared/schema/modelInputs';
import { typedInput, unknownNames } from '../../../shared/schema/values';
import { textOf, type NodeRun } from '../nodeRun';

type Shown = NonNullable<INodeProperties['displayOptions']>['show'];

/**
 * What the model gets.
 *
 * @param method what gives the form's fields
 */
export function inputFields(show: Shown, method: string): INodeProperties[] {
	return [
		{
			displayName: 'Input Mode',
			name: 'inputMode',
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: 'Fields', value: 'fields', description: 'A form of the model’s own inputs' },
				{ name: 'JSON', value: 'json', description: 'One JSON object with all inputs' },
			],
			default: 'fields',
			displayOptions: { show },
		},
		{
			displayName: 'Inputs',
			name: 'inputFields',
			type: 'resourceMapper',
			noDataExpression: true,
			default: { mappingMode: 'defineBelow', value: null },
			required: true,
			description:
				'A file takes the name of a binary field (several with commas for a list), a URL, or a data URI',
			typeOptions: {
				loadOptionsDependsOn: ['target', 'model.value', 'deployment.value', 'options.version'],
				resourceMapper: {
					resourceMapperMethod: method,
					mode: 'add',
					valuesLabel: 'Inputs',
					fieldWords: { singular: 'input', plural: 'inputs' },
					noFieldsError: 'This model takes no inputs.',
					addAllFields: true,
					supportAutoMap: false,
					multiKeyMatch: false,
				},
			},
			displayOptions: { show: { ...show, inputMode: ['fields'] } },
		},
		{
			displayName:
				'For a file, write the name of a binary field (such as <code>data</code>), or a URL. Leave a required file empty to use the item’s only file.',
			name: 'filesNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { ...show, inputMode: ['fields'] } },
		},
		{
			displayName: 'Input (JSON)',
			name: 'inputJson',
			type: 'json',
			default: '{}',
			placeholder: 'e.g. { "prompt": "a red fox in the snow" }',
			description:
				'The model’s inputs, as its API page shows them. A file input takes the name of a binary field, or a URL.',
			displayOptions: { show: { ...show, inputMode: ['json'] } },
		},
		{
			displayName: 'File Inputs',
			name: 'fileInputs',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add File Input',
			default: {},
			description: 'Files of the incoming item that the model gets',
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
			displayOptions: { show },
		},
	];
}

/** The input that a builder gave, before its files are looked at. */
export interface GivenInput {
	input: InputObject;
	/** What the builder should know, though it stops nothing. */
	warnings: string[];
}

/**
 * Reads the input of one item, with each value in the type that the model's schema wants.
 *
 * @param inputs the model's inputs, where its schema is known
 * @throws InputError for input that is no JSON object, or a value that the model does not take
 */
export function readInput(
	run: NodeRun,
	itemIndex: number,
	inputs: ModelInput[] | undefined,
): GivenInput {
	const isJson = run.choice('inputMode', itemIndex, ['fields', 'json']) === 'json';
	const given = isJson ? readJson(run, itemIndex) : readFields(run, itemIndex, inputs);
	if (isTooDeep(given)) throw new ParameterError('The input is nested deeper than JSON can travel');
	const known = inputs ?? [];
	const warnings = inputs && isJson ? unknownNames(inputs, given) : [];
	return { input: typedInput(known, given), warnings };
}

/**
 * The values of the form. The mapper is read whole: n8n checks `inputFields.value` by itself, in
 * words that know nothing of limits, and makes 0 of an empty number.
 */
function readFields(
	run: NodeRun,
	itemIndex: number,
	inputs: ModelInput[] | undefined,
): Record<string, unknown> {
	const mapper = run.parameter<unknown>('inputFields', itemIndex, {});
	const values = isForm(mapper) ? (mapper?.value ?? {}) : mapper;
	if (!isForm(mapper) || typeof values !== 'object' || Array.isArray(values)) {
		throw new ParameterError(
			`Inputs must hold the form’s values, and is ${shown(values)}`,
			'To give all inputs by one expression, set Input Mode to JSON.',
		);
	}
	const entries = Object.entries(values).filter(([, value]) => value !== '');
	// What the form kept of a model that was chosen before is not this model's.
	const isOwn = (name: string) => !inputs || inputs.some((input) => input.name === name);
	return Object.fromEntries(entries.filter(([name]) => isOwn(name)));
}

/**
 * n8n's mapper, or none. What an expression for the whole form gives is no such thing: some versions
 * of n8n evaluate it, others take it as mere text.
 */
function isForm(mapper: unknown): mapper is { value?: unknown } | null {
	if (typeof mapper !== 'object' || mapper === null) return mapper === null;
	return Object.keys(mapper).length === 0 || 'value' in mapper || 'mappingMode' in mapper;
}

/**
 * The rows of "File Inputs".
 *
 * @throws InputError when an expression gives something else
 */
export function readAssignments(run: NodeRun, itemIndex: number): FileAssignment[] {
	const rows = run.parameter<unknown>('fileInputs.values', itemIndex, []) ?? [];
	const isRow = (row: unknown) => typeof row === 'object' && row !== null;
	if (!Array.isArray(rows) || !rows.every(isRow)) {
		throw new ParameterError(`File Inputs must be a list of rows, and is ${shown(rows)}`);
	}
	return (rows as FileAssignment[]).map(({ input, binaryFields }) => ({
		input: textOf(input),
		binaryFields,
	}));
}

/** @throws InputError when the input is not a JSON object */
function readJson(run: NodeRun, itemIndex: number): InputObject {
	const value = run.parameter<unknown>('inputJson', itemIndex, '{}');
	const parsed = typeof value === 'string' ? parseOrNothing(value) : value;
	if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
		return parsed as InputObject;
	}
	throw new ParameterError(
		'Input (JSON) is not a JSON object',
		'Write it like { "prompt": "a red fox" }. Inside quotes, use {{ JSON.stringify($json.text) }} for text with line breaks or quotes.',
	);
}

/** The JSON value of a text; an empty one is no input, and a broken one is no value. */
function parseOrNothing(text: string): unknown {
	if (text.trim() === '') return {};
	try {
		return parseJson(text);
	} catch {
		return undefined;
	}
}
