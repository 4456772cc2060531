import { InputError, PredictionError } from '../api/errors';
import { oneLine } from '../api/oneLine';
import type { Prediction } from '../api/shapes';

/** For a model without an input for tools, where its prompt must not offer them. */
export function toolsUnsupported(model: string): InputError {
	return new InputError(`The model "${model}" cannot call tools`, {
		code: 'toolsUnsupported',
		model,
	});
}

/**
 * For a call that stayed invalid after the model was asked again.
 *
 * @param reason     of the second answer
 * @param prediction that gave the second answer
 */
export function toolCallInvalid(
	model: string,
	reason: string,
	prediction: Prediction,
): PredictionError {
	const line = oneLine(reason);
	return new PredictionError(
		`The model "${model}" answered twice with a tool call that cannot be made: ${line}`,
		{ code: 'toolCallInvalid', model, reason: line },
		prediction,
	);
}
