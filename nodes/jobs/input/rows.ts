import { fallbackModels, MAX_FALLBACKS } from '../../fields/fallback';
import type { ParameterSource } from '../../fields/field';
import { fileInputs } from '../../fields/input';
import { ParameterError } from '../../fields/parameterError';
import { isNested, shown, textOf } from '../../shared/api/json';
import type { FileAssignment } from '../../shared/files/inputs';

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

/** What is run instead where the model is out of service. */
export interface FallbackRow {
	model: string;
	inputJson: unknown;
}

/**
 * The rows of "Fallback Models".
 *
 * @throws InputError when an expression gives something else, or there are too many
 */
export function readFallbacks(from: ParameterSource): FallbackRow[] {
	const given = fallbackModels.read(from);
	const rows: unknown = isNested(given) ? (given.values ?? []) : [];
	if (!Array.isArray(rows) || !rows.every(isNested)) {
		throw new ParameterError(
			`${fallbackModels.label} must be a list of models, and is ${shown(rows)}`,
			'Add the models in the panel. In an expression, write them like {{ { "values": [{ "model": "owner/name" }] } }}.',
		);
	}
	if (rows.length > MAX_FALLBACKS) {
		throw new ParameterError(
			`${fallbackModels.label} takes up to ${MAX_FALLBACKS} models, and has ${rows.length}`,
		);
	}
	return rows.map(({ model, inputJson }) => ({ model: textOf(model).trim(), inputJson }));
}
