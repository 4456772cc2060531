import { fallbackModels } from '../../fields/fallback';
import { inputJson, fileInputs } from '../../fields/input';
import type { ParameterSource } from '../../fields/field';
import { ParameterError } from '../../fields/parameterError';
import { isNested, isTooDeep, shown, textOf } from '../../shared/api/json';
import type { InputObject } from '../../shared/api/json';
import type { FileAssignment } from '../../shared/files/inputs';
import type { ModelInput } from '../../shared/schema/modelInputs';
import { typedInput, unknownNames } from '../../shared/schema/values';
import { assertMapped, readFields, type ItemSource } from './formInput';
import { readJsonInput } from './jsonInput';

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
export function readInput(from: ItemSource, inputs: ModelInput[] | undefined): GivenInput {
	const { given: additional, warnings } = readAdditional(from, inputs);
	const fields = readFields(from, inputs);
	if (Object.keys(additional).length === 0) assertMapped(from, fields, inputs);
	assertNotTooDeep(additional, fields);
	const known = inputs ?? [];
	const isReplaced = (name: string) => Object.hasOwn(additional, name);
	const kept = Object.entries(fields).filter(([name]) => !isReplaced(name));
	return {
		input: {
			...typedInput(known, Object.fromEntries(kept), true),
			...typedInput(known, additional, false),
		},
		warnings: [...warnings, ...(inputs ? unknownNames(inputs, additional) : [])],
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
	from: ItemSource,
	inputs: ModelInput[] | undefined,
	given: unknown,
): GivenInput {
	const label = `${fallbackModels.label} → Inputs (JSON)`;
	const { given: own, warnings } = readJsonInput(given, label, inputs);
	const additional = readAdditional(from, inputs).given;
	const same = Object.entries({ ...readFields(from, inputs), ...additional });
	const isKnown = (name: string) => !inputs || inputs.some((input) => input.name === name);
	const all = { ...Object.fromEntries(same.filter(([name]) => isKnown(name))), ...own };
	assertNotTooDeep(all);
	return {
		input: typedInput(inputs ?? [], all),
		warnings: [...warnings, ...(inputs ? unknownNames(inputs, own) : [])],
	};
}

/** @throws InputError when the additional inputs are not a JSON object */
function readAdditional(from: ParameterSource, inputs: ModelInput[] | undefined) {
	return readJsonInput(inputJson.read(from), inputJson.label, inputs);
}

/** @throws ParameterError for lists and objects inside each other that n8n cannot handle */
export function assertNotTooDeep(...given: object[]): void {
	if (!given.some((one) => isTooDeep(one))) return;
	throw new ParameterError(
		'The input is nested too deeply',
		'Pass on only the part of the data that the model needs, or pass it on as text, with {{ JSON.stringify(…) }}.',
	);
}

/**
 * The rows of "File Inputs".
 *
 * @throws InputError when an expression gives something else
 */
export function readAssignments(from: ParameterSource): FileAssignment[] {
	const given = fileInputs.read(from);
	const values: unknown = isNested(given) ? (given.values ?? []) : given;
	// Some AI builders write the only row without a list around it.
	const rows = isNested(values) && 'input' in values ? [values] : values;
	if (!Array.isArray(rows) || !rows.every(isNested)) {
		throw new ParameterError(
			`File Inputs must be a list of rows, and is ${shown(rows)}`,
			'Add the rows in the panel. In an expression, write them like {{ { "values": [{ "input": "image", "binaryFields": "data" }] } }}.',
		);
	}
	return rows.map(({ input, binaryFields }) => ({ input: textOf(input).trim(), binaryFields }));
}
