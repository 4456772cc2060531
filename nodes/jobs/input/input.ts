import { fallbackModels } from '../../fields/fallback';
import { inputFields, inputJson, fileInputs } from '../../fields/input';
import type { ParameterSource } from '../../fields/field';
import { ParameterError } from '../../fields/parameterError';
import { isNested, isTooDeep, parseJson, shown, textOf } from '../../shared/api/json';
import type { InputObject } from '../../shared/api/json';
import type { FileAssignment } from '../../shared/files/inputs';
import type { ModelInput } from '../../shared/schema/modelInputs';
import { typedInput, unknownNames } from '../../shared/schema/values';

/** The input that a builder gave, before its files are looked at. */
export interface GivenInput {
	input: InputObject;
	/** What the builder should know, though it stops nothing. */
	warnings: string[];
}

/**
 * Reads the input of one item, the additional inputs merged over the form, with each value in the type that the model's schema wants.
 *
 * @param inputs the model's inputs, where its schema is known
 * @throws InputError for input that is no JSON object, or a value that the model does not take
 */
export function readInput(from: ParameterSource, inputs: ModelInput[] | undefined): GivenInput {
	const additional = readJson(from);
	const fields = readFields(from, inputs);
	for (const given of [additional, fields]) assertNotTooDeep(given);
	const known = inputs ?? [];
	const isReplaced = (name: string) => Object.hasOwn(additional, name);
	const kept = Object.entries(fields).filter(([name]) => !isReplaced(name));
	return {
		input: {
			...typedInput(known, Object.fromEntries(kept), true),
			...typedInput(known, additional, false),
		},
		warnings: inputs ? unknownNames(inputs, additional) : [],
	};
}

/**
 * Reads the input of one item for another model: what was given to it, and of the form and the
 * additional inputs whatever it has inputs for.
 *
 * @param given what is written for this model
 * @throws InputError as `readInput` does
 */
export function readFallbackInput(
	from: ParameterSource,
	inputs: ModelInput[] | undefined,
	given: unknown,
): GivenInput {
	const own = jsonObject(given, `${fallbackModels.label} → Inputs (JSON)`);
	const same = Object.entries({ ...readFields(from, inputs), ...readJson(from) });
	const isKnown = (name: string) => !inputs || inputs.some((input) => input.name === name);
	const all = { ...Object.fromEntries(same.filter(([name]) => isKnown(name))), ...own };
	assertNotTooDeep(all);
	return {
		input: typedInput(inputs ?? [], all),
		warnings: inputs ? unknownNames(inputs, own) : [],
	};
}

/**
 * The values of the form. The mapper is read whole: n8n checks `inputFields.value` by itself, in
 * words that know nothing of limits, and makes 0 of an empty number.
 */
function readFields(
	from: ParameterSource,
	inputs: ModelInput[] | undefined,
): Record<string, unknown> {
	const mapper = inputFields.read(from);
	const values = isForm(mapper) ? (mapper?.value ?? {}) : mapper;
	if (!isForm(mapper) || typeof values !== 'object' || Array.isArray(values)) {
		throw new ParameterError(
			`Inputs must hold the form’s values, and is ${shown(values)}`,
			'To give all inputs by one expression, write it into Additional Inputs (JSON).',
		);
	}
	const entries = Object.entries(values).filter(([, value]) => value !== '');
	// What the form kept of a model that was chosen before is not this model's.
	const isOwn = (name: string) => !inputs || inputs.some((input) => input.name === name);
	return Object.fromEntries(entries.filter(([name]) => isOwn(name)));
}

/**
 * n8n's mapper, or none. What an expression for the whole form gives is not a form: some
 * versions of n8n evaluate it, others take it as mere text.
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
export function readAssignments(from: ParameterSource): FileAssignment[] {
	const given = fileInputs.read(from);
	const rows: unknown = isNested(given) ? (given.values ?? []) : given;
	if (!Array.isArray(rows) || !rows.every(isNested)) {
		throw new ParameterError(
			`File Inputs must be a list of rows, and is ${shown(rows)}`,
			'Add the rows in the panel. In an expression, write them like {{ { "values": [{ "input": "image", "binaryFields": "data" }] } }}.',
		);
	}
	return rows.map(({ input, binaryFields }) => ({ input: textOf(input), binaryFields }));
}

/** @throws ParameterError for lists and objects inside each other that n8n cannot handle */
export function assertNotTooDeep(given: object): void {
	if (!isTooDeep(given)) return;
	throw new ParameterError(
		'The input is nested too deeply',
		'Pass on only the part of the data that the model needs, or pass it on as text, with {{ JSON.stringify(…) }}.',
	);
}

/** @throws InputError when the additional inputs are not a JSON object */
function readJson(from: ParameterSource): InputObject {
	return jsonObject(inputJson.read(from), inputJson.label);
}

/**
 * A JSON object, or the text of one. What an expression leaves undefined is not there, so that it takes
 * nothing of the form away; `null` does.
 *
 * @throws ParameterError for anything else
 */
export function jsonObject(value: unknown, label: string): InputObject {
	const parsed =
		typeof value === 'string' ? parseOrNothing(value) : value === undefined ? {} : value;
	if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
		const entries = Object.entries(parsed as InputObject);
		return Object.fromEntries(entries.filter(([, one]) => (one as unknown) !== undefined));
	}
	throw new ParameterError(
		`${label} is not a JSON object`,
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
