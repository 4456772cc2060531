import * as v from 'valibot';
import { isNested } from './json';
import { json, jsonObject, listOf, maybe, partsOf, shapeOf, type Shaped } from './shape';

/*
 * What Replicate's API sends, as far as this package reads it. Recordings differ by endpoint in what
 * they leave out and in what they send as `null`, so most parts may be either.
 */

const text = v.string();
/** Goes into paths and messages. */
const id = v.pipe(text, v.regex(/^[\w=-]{1,200}$/));
/**
 * An owner's or a model's name. Goes into paths, and into fields of the editor, where n8n would run a
 * text that begins with "=" as an expression.
 */
const name = v.pipe(text, v.regex(/^[A-Za-z0-9][\w.-]{0,200}$/));
/** A short name that goes into the editor as well. */
const slug = v.pipe(text, v.regex(/^[\w-]{1,200}$/));
const time = v.pipe(
	text,
	v.check((written) => !Number.isNaN(Date.parse(written))),
);
const webAddress = v.pipe(text, v.url(), v.regex(/^https?:/i));

const prediction = partsOf({
	id,
	/** `starting`, `processing`, `succeeded`, `failed`, `canceled`, `aborted`, or one not known yet. */
	status: v.fallback(text, 'unknown'),
	model: maybe(text),
	version: maybe(text),
	/** `owner/name` of the deployment that runs it. */
	deployment: maybe(text),
	input: maybe(jsonObject),
	output: maybe(json),
	error: maybe(json),
	logs: maybe(text),
	metrics: maybe(jsonObject),
	created_at: maybe(time),
	completed_at: maybe(text),
	/** When Replicate cancels it, from `Cancel-After`. */
	deadline: maybe(text),
	/** Whether Replicate has removed its input, output and logs. */
	data_removed: maybe(v.boolean()),
	urls: maybe(
		partsOf({ get: maybe(text), cancel: maybe(text), web: maybe(text), stream: maybe(text) }),
	),
});

/** A JSON-schema node as Cog writes it (OpenAPI 3.0 or 3.1). Nothing in it can be relied on. */
export type SchemaNode = { [key: string]: unknown };
const schemaNode = v.custom<SchemaNode>((value) => isNested(value) && !Array.isArray(value));

/** An OpenAPI document; `components.schemas` has `Input` and `Output`, and nothing in it is certain. */
const openApiDocument = partsOf({
	components: maybe(partsOf({ schemas: maybe(schemaNode) })),
});

const version = partsOf({
	id,
	created_at: maybe(text),
	cog_version: maybe(text),
	openapi_schema: maybe(openApiDocument),
});

const model = partsOf({
	owner: name,
	name,
	description: maybe(text),
	url: maybe(text),
	visibility: maybe(text),
	is_official: maybe(v.boolean()),
	run_count: maybe(v.number()),
	cover_image_url: maybe(text),
	github_url: maybe(text),
	paper_url: maybe(text),
	license_url: maybe(text),
	latest_version: maybe(version),
	/** A prediction that its owner shows as an example. */
	default_example: maybe(prediction),
	created_at: maybe(text),
});

const release = partsOf({
	/** `owner/name`. */
	model: text,
	/** A version's id. */
	version: id,
});

export const PREDICTION_SHAPE = shapeOf(prediction);
export type Prediction = Shaped<typeof PREDICTION_SHAPE>;

export const VERSION_SHAPE = shapeOf(version);
export type ModelVersion = Shaped<typeof VERSION_SHAPE>;
export type OpenApiDocument = v.InferOutput<typeof openApiDocument>;

export const MODEL_SHAPE = shapeOf(model);
export type Model = Shaped<typeof MODEL_SHAPE>;

export const DEPLOYMENT_SHAPE = shapeOf(
	partsOf({ owner: name, name, current_release: maybe(release) }),
);
export type Deployment = Shaped<typeof DEPLOYMENT_SHAPE>;

/** A file in Replicate's Files API. */
export const FILE_SHAPE = shapeOf(
	partsOf({
		id,
		urls: partsOf({ get: webAddress }),
		content_type: maybe(text),
		/** Bytes. */
		size: maybe(v.number()),
		checksums: maybe(partsOf({ sha256: maybe(text) })),
		expires_at: maybe(time),
		/** What whoever uploaded it has noted at it. */
		metadata: maybe(jsonObject),
	}),
);
export type ReplicateFile = Shaped<typeof FILE_SHAPE>;

export const COLLECTION_SHAPE = shapeOf(
	partsOf({
		name: v.fallback(text, ''),
		slug,
		description: maybe(text),
		full_description: maybe(text),
		models: maybe(listOf(model)),
	}),
);
export type Collection = Shaped<typeof COLLECTION_SHAPE>;

export const HARDWARE_SHAPE = shapeOf(listOf(partsOf({ name: text, sku: slug })));

/** What a search finds. Its models carry no schema to rely on. */
export const SEARCH_SHAPE = shapeOf(partsOf({ models: listOf(partsOf({ model })) }));

/** The key that an account's webhooks are signed with. */
export const SECRET_SHAPE = shapeOf(partsOf({ key: text }));
