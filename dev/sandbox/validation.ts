import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { SandboxModel } from './models/model';
import { Problem } from './problems';

const validators = new Map<SandboxModel, ValidateFunction>();

/** The keys that the body of a create may have; others are refused. */
const BODY_KEYS = ['version', 'input', 'webhook', 'webhook_events_filter', 'stream'];

/**
 * Checks a prediction's input against its model's schema and fills in the defaults. Keys that the
 * schema does not know pass, as at Replicate.
 *
 * @returns the input as the model sees it
 * @throws Problem 422 in the words of gojsonschema
 */
export function validInput(model: SandboxModel, input: unknown): Record<string, unknown> {
	const copy = structuredClone(input) as Record<string, unknown>;
	let validate = validators.get(model);
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
		validators.set(model, validate);
	}
	if (validate(copy)) return copy;
	const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'allOf');
	throw validationFailed(errors.map(invalidField));
}

/** Without `nullable`, which is OpenAPI's: Replicate's validator does not know it and refuses null. */
function asJsonSchema(schema: object): object {
	const text = JSON.stringify(schema, (key, value: unknown) =>
		key === 'nullable' && value === true ? undefined : value,
	);
	return JSON.parse(text) as object;
}

/** Checks the body of a create around its input. */
export function validBody(body: unknown, needsVersion: boolean): Record<string, unknown> {
	if (typeof body !== 'object' || body === null || Array.isArray(body)) {
		throw new Problem(400, { detail: 'Failed to parse request body as JSON', status: 400 });
	}
	const given = body as Record<string, unknown>;
	const wrong = Object.keys(given)
		.filter((key) => !BODY_KEYS.includes(key))
		.map((key) =>
			field(
				'additional_property_not_allowed',
				'(root)',
				`Additional property ${key} is not allowed`,
			),
		);
	for (const key of needsVersion ? ['version', 'input'] : ['input']) {
		if (!(key in given)) wrong.push(field('required', '(root)', `${key} is required`));
	}
	if ('input' in given && (typeof given.input !== 'object' || given.input === null)) {
		wrong.push(
			field(
				'invalid_type',
				'input',
				`Invalid type. Expected: object, given: ${typeName(given.input)}`,
			),
		);
	}
	if (wrong.length > 0) throw validationFailed(wrong);
	return given;
}

type InvalidField = ReturnType<typeof field>;

function validationFailed(fields: InvalidField[]): Problem {
	return new Problem(422, {
		title: 'Input validation failed',
		detail: fields.map((wrong) => `- ${wrong.field}: ${wrong.description}\n`).join(''),
		status: 422,
		invalid_fields: fields,
	});
}

function field(type: string, name: string, description: string) {
	return { type, field: name, description };
}

function invalidField({ keyword, instancePath, params, data }: ErrorObject): InvalidField {
	const name = ['input', ...instancePath.split('/').slice(1)].join('.');
	switch (keyword) {
		case 'required':
			return field('required', name, `${params.missingProperty} is required`);
		case 'type':
			return field(
				'invalid_type',
				name,
				`Invalid type. Expected: ${params.type}, given: ${typeName(data)}`,
			);
		case 'enum': {
			const allowed = (params.allowedValues as unknown[])
				.map((value) => JSON.stringify(value))
				.join(', ');
			return field('enum', name, `${name} must be one of the following: ${allowed}`);
		}
		case 'minimum':
			return field('number_gte', name, `Must be greater than or equal to ${params.limit}`);
		case 'maximum':
			return field('number_lte', name, `Must be less than or equal to ${params.limit}`);
		case 'format':
			return field('format', name, `Does not match format '${params.format}'`);
		default:
			return field(keyword, name, `Does not match ${keyword}`);
	}
}

function typeName(value: unknown): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'array';
	return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value;
}
