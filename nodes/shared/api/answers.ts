import * as v from 'valibot';
import { isNested } from './json';
import type {
	Collection,
	Deployment,
	Hardware,
	JsonObject,
	Model,
	ModelVersion,
	Page,
	Prediction,
	ReplicateFile,
	SearchResults,
} from './types';

/**
 * Reads an answer as what it should be. Parts that the package can do without count as missing where
 * they have a wrong type; unknown ones stay.
 *
 * @returns `undefined` for an answer that lacks what the package cannot do without
 */
export type Shape<T> = (answer: unknown) => T | undefined;

function shape<T>(schema: v.GenericSchema): Shape<T> {
	return (answer) => {
		const read = v.safeParse(schema, answer);
		return read.success ? (read.output as T) : undefined;
	};
}

/** A part that counts as missing when it is not what it should be. */
function maybe(schema: v.GenericSchema) {
	return v.fallback(v.nullish(schema), undefined);
}

/** A list without the entries that are not what they should be. */
function listOf(schema: v.GenericSchema) {
	const read = (entries: unknown[]) =>
		entries.flatMap((entry) => {
			const parsed = v.safeParse(schema, entry);
			return parsed.success ? [parsed.output] : [];
		});
	return v.pipe(v.array(v.unknown()), v.transform(read));
}

const text = v.string();
const anyObject = v.custom<JsonObject>((value) => isNested(value) && !Array.isArray(value));
/** Goes into paths and messages. */
const id = v.pipe(text, v.regex(/^[\w=-]{1,200}$/));
/**
 * An owner's or a model's name. Goes into paths, and into fields of the editor, where n8n would run a
 * text that begins with "=" as an expression.
 */
const name = v.pipe(text, v.regex(/^[A-Za-z0-9][\w.-]{0,200}$/));

const prediction = v.looseObject({
	id,
	status: v.fallback(text, 'unknown'),
	model: maybe(text),
	version: maybe(text),
	deployment: maybe(text),
	input: maybe(anyObject),
	logs: maybe(text),
	metrics: maybe(anyObject),
	created_at: maybe(
		v.pipe(
			text,
			v.check((time) => !Number.isNaN(Date.parse(time))),
		),
	),
	completed_at: maybe(text),
	urls: maybe(
		v.looseObject({ get: maybe(text), cancel: maybe(text), web: maybe(text), stream: maybe(text) }),
	),
});

const version = v.looseObject({
	id,
	created_at: maybe(text),
	cog_version: maybe(text),
	openapi_schema: maybe(anyObject),
});

const model = v.looseObject({
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
	default_example: maybe(prediction),
	created_at: maybe(text),
});

const deployment = v.looseObject({
	owner: name,
	name,
	current_release: maybe(v.looseObject({ model: text, version: id })),
});

/** In the editor, too. */
const slug = v.pipe(text, v.regex(/^[\w-]{1,200}$/));

const file = v.looseObject({
	id,
	urls: v.looseObject({ get: v.pipe(text, v.url(), v.regex(/^https?:/i)) }),
});

export const PREDICTION_SHAPE = shape<Prediction>(prediction);
export const MODEL_SHAPE = shape<Model>(model);
export const VERSION_SHAPE = shape<ModelVersion>(version);
export const DEPLOYMENT_SHAPE = shape<Deployment>(deployment);
export const FILE_SHAPE = shape<ReplicateFile>(file);
export const COLLECTION_SHAPE = shape<Collection>(
	v.looseObject({
		name: v.fallback(text, ''),
		slug,
		description: maybe(text),
		full_description: maybe(text),
		models: maybe(listOf(model)),
	}),
);
export const HARDWARE_SHAPE = shape<Hardware[]>(listOf(v.looseObject({ name: text, sku: slug })));
export const SEARCH_SHAPE = shape<SearchResults>(
	v.looseObject({ models: listOf(v.looseObject({ model })) }),
);
export const SECRET_SHAPE = shape<{ key: string }>(v.looseObject({ key: text }));
/** Something that is passed on as it is. */
export const OBJECT_SHAPE = shape<JsonObject>(anyObject);

/** A page of a list, without the entries that are not what they should be. */
export function pageOf<T>(entry: Shape<T>): Shape<Page<T>> {
	return (answer) => {
		if (!isNested(answer) || !Array.isArray(answer.results)) return undefined;
		const results = (answer.results as unknown[]).flatMap((one) => entry(one) ?? []);
		const { next } = answer;
		return { results: results as T[], next: typeof next === 'string' ? next : null };
	};
}
