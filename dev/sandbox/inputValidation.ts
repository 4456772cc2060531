import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { asInvalidField, validationFailed } from './invalidFields';
import type { SandboxModel } from './models/model';

const validators = new WeakMap<SandboxModel['schemas'], ValidateFunction>();

/**
 * Checks a prediction's input against its model's schema and fills in the defaults. Keys that the
 * schema does not know pass, as at Replicate.
 *
 * @returns the input as the model sees it
 * @throws Problem 422 in the words of gojsonschema
 */
export function validInput(model: SandboxModel, input: unknown): Record<string, unknown> {
	const copy = structuredClone(input) as Record<string, unknown>;
	let validate = validators.get(model.schemas);
	if (!validate) {
		const ajv = new Ajv({
			allErrors: true,
			strict: false,
			useDefaults: true,
			verbose: true,
			logger: false,
		});
		addFormats(ajv, { mode: 'fast' });
		validate = ajv.compile(
			asJsonSchema({ ...model.schemas.Input, components: { schemas: model.schemas } }),
		);
		validators.set(model.schemas, validate);
	}
	if (validate(copy)) return copy;
	throw validationFailed((validate.errors ?? []).filter(isOwnFault).map(asInvalidField));
}

/** Leaves out what only repeats another error: the wrapper of a reference, the members of a union. */
function isOwnFault({ keyword, schemaPath }: ErrorObject): boolean {
	return keyword !== 'allOf' && !/\/anyOf\/\d+\//.test(schemaPath);
}

/**
 * Without `nullable`, which is OpenAPI's: Replicate's validator does not know it and refuses null. A
 * default of null stands for none.
 */
function asJsonSchema(schema: object): object {
	const text = JSON.stringify(schema, (key, value: unknown) => {
		const isLeftOut =
			(key === 'nullable' && value === true) || (key === 'default' && value === null);
		return isLeftOut ? undefined : value;
	});
	return JSON.parse(text) as object;
}
