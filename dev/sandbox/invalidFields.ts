import type { ErrorObject } from 'ajv';
import { Problem } from './problems';

/** One thing that is wrong with a create, as Replicate says it: in gojsonschema's types and words. */
export interface InvalidField {
	type: string;
	field: string;
	description: string;
}

export function invalidField(type: string, field: string, description: string): InvalidField {
	return { type, field, description };
}

export function wrongType(field: string, expected: string, given: unknown): InvalidField {
	const description = `Invalid type. Expected: ${expected}, given: ${typeName(given)}`;
	return invalidField('invalid_type', field, description);
}

export function notOneOf(field: string, allowed: readonly unknown[]): InvalidField {
	const values = allowed.map((value) => JSON.stringify(value)).join(', ');
	return invalidField('enum', field, `${field} must be one of the following: ${values}`);
}

/** The response to a create with invalid fields. */
export function validationFailed(fields: InvalidField[]): Problem {
	return new Problem(422, {
		title: 'Input validation failed',
		detail: fields.map((wrong) => `- ${wrong.field}: ${wrong.description}\n`).join(''),
		status: 422,
		invalid_fields: fields,
	});
}

/** What Ajv found, in gojsonschema's words. */
export function asInvalidField(error: ErrorObject): InvalidField {
	const { keyword, instancePath, params, data } = error;
	const name = ['input', ...instancePath.split('/').slice(1)].join('.');
	const limit = String(params.limit);
	switch (keyword) {
		case 'required':
			return invalidField('required', name, `${params.missingProperty} is required`);
		case 'type':
			return wrongType(name, String(params.type), data);
		case 'enum':
			return notOneOf(name, params.allowedValues as unknown[]);
		case 'minimum':
			return invalidField('number_gte', name, `Must be greater than or equal to ${limit}`);
		case 'maximum':
			return invalidField('number_lte', name, `Must be less than or equal to ${limit}`);
		case 'minLength':
			return invalidField(
				'string_gte',
				name,
				`String length must be greater than or equal to ${limit}`,
			);
		case 'maxLength':
			return invalidField(
				'string_lte',
				name,
				`String length must be less than or equal to ${limit}`,
			);
		case 'minItems':
			return invalidField('array_min_items', name, `Array must have at least ${limit} items`);
		case 'maxItems':
			return invalidField('array_max_items', name, `Array must have at most ${limit} items`);
		case 'pattern':
			return invalidField('pattern', name, `Does not match pattern '${params.pattern}'`);
		case 'format':
			return invalidField('format', name, `Does not match format '${params.format}'`);
		case 'anyOf':
			return invalidField('number_any_of', name, 'Must validate at least one schema (anyOf)');
		default:
			return invalidField(keyword, name, `Does not match ${keyword}`);
	}
}

function typeName(value: unknown): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'array';
	return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value;
}
