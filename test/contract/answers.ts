import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/*
 * What Replicate's API answers, as JSON schemas of our own: required fields and types after its
 * OpenAPI document (April 2026), and recordings where those differ.
 */

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };
const address = { type: 'string', format: 'uri' };
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });
const object = (required: Record<string, object>, optional: Record<string, object> = {}) => ({
	type: 'object',
	required: Object.keys(required),
	properties: { ...required, ...optional },
});
const page = (results: object) =>
	object({
		previous: orNull(address),
		next: orNull(address),
		results: { type: 'array', items: results },
	});

const status = { enum: ['starting', 'processing', 'succeeded', 'failed', 'canceled', 'aborted'] };
const run = {
	id: { type: 'string', pattern: '^[a-z0-9]{26}$' },
	model: { type: 'string', pattern: '^[^/]+/[^/]+$' },
	version: text,
	input: { type: 'object' },
	error: orNull(text),
	status,
	created_at: time,
	urls: object({ get: address, cancel: address, web: address }, { stream: address }),
};
const later = {
	output: {},
	logs: orNull(text),
	data_removed: { type: 'boolean' },
	started_at: orNull(time),
	completed_at: orNull(time),
	deadline: time,
	deployment: text,
	source: { enum: ['web', 'api'] },
	metrics: object({}, { predict_time: { type: 'number' }, total_time: { type: 'number' } }),
};
const prediction = object({ ...run, data_removed: later.data_removed }, later);
const training = object(run, later);
/** Of another time and another account: the real data of January 2025. */
const example = object({ id: text, status });
const version = object(
	{ id: { type: 'string', pattern: '^[0-9a-f]{64}$' }, created_at: time },
	{ cog_version: orNull(text), openapi_schema: orNull({ type: 'object' }) },
);
const model = object(
	{
		url: address,
		owner: text,
		name: text,
		description: orNull(text),
		visibility: { enum: ['public', 'private'] },
		is_official: { type: 'boolean' },
		github_url: orNull(text),
		paper_url: orNull(text),
		license_url: orNull(text),
		run_count: { type: 'integer' },
		cover_image_url: orNull(text),
		default_example: orNull({ type: 'object' }),
		latest_version: orNull(version),
	},
	{ created_at: time },
);
const file = object(
	{
		id: text,
		content_type: text,
		size: { type: 'integer' },
		checksums: object({ sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' } }),
		metadata: { type: 'object' },
		created_at: time,
		expires_at: orNull(time),
		urls: object({ get: address }),
	},
	{ name: text, etag: text },
);
const account = object(
	{ type: { enum: ['user', 'organization'] }, username: text },
	{ name: text, avatar_url: text, github_url: text },
);
const deployment = object({
	owner: text,
	name: text,
	current_release: object({
		number: { type: 'integer' },
		model: text,
		version: text,
		created_at: time,
		created_by: account,
		configuration: object({
			hardware: text,
			min_instances: { type: 'integer' },
			max_instances: { type: 'integer' },
		}),
	}),
});
const collection = object({ name: text, slug: text, description: text });
const problem = object({ detail: text }, { status: { type: 'integer' }, title: text });

/** Schemas by the paths below the base URL, the first that fits. */
const ANSWERS: Array<[RegExp, object]> = [
	[/^\/account$/, account],
	[/^\/hardware$/, { type: 'array', items: object({ name: text, sku: text }) }],
	[/^\/webhooks\/default\/secret$/, object({ key: { type: 'string', pattern: '^whsec_' } })],
	[/^\/collections$/, page(collection)],
	[
		/^\/collections\/[^/]+$/,
		{ allOf: [collection, object({ models: { type: 'array', items: model } })] },
	],
	[/^\/search$/, object({ query: text, models: { type: 'array', items: object({ model }) } })],
	[/\/predictions$/, { anyOf: [page(prediction), prediction] }],
	[/^\/predictions\/[^/]+(?:\/cancel)?$/, prediction],
	[/\/trainings$/, { anyOf: [page(training), training] }],
	[/^\/trainings\/[^/]+(?:\/cancel)?$/, training],
	[/^\/deployments$/, { anyOf: [page(deployment), deployment] }],
	[/^\/deployments\/[^/]+\/[^/]+$/, deployment],
	[/^\/files$/, { anyOf: [page(file), file] }],
	[/^\/files\/[^/]+$/, file],
	[/\/versions$/, page(version)],
	[/\/versions\/[^/]+$/, version],
	[/\/examples$/, page(example)],
	[/^\/models$/, { anyOf: [page(model), model] }],
	[/^\/models\/[^/]+\/[^/]+$/, model],
];

const ajv = new Ajv({ strict: false, logger: false });
addFormats(ajv);
const validators = new Map<object, ValidateFunction>();

/**
 * Checks one JSON answer.
 *
 * @param path below the base URL, without query
 * @returns what is wrong with it, or `undefined`
 */
export function faultIn(path: string, statusCode: number, body: unknown): string | undefined {
	const schema = statusCode >= 400 ? problem : ANSWERS.find(([shape]) => shape.test(path))?.[1];
	if (!schema) return `no schema for ${path}`;
	let validate = validators.get(schema);
	if (!validate) {
		validate = ajv.compile(schema);
		validators.set(schema, validate);
	}
	return validate(body) ? undefined : `${path}: ${ajv.errorsText(validate.errors)}`;
}
