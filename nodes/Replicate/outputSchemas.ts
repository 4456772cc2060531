import * as v from 'valibot';
import { json, jsonObject } from '../shared/api/shape';
import { MODEL_DETAILS, MODEL_SUMMARY, VERSION_SUMMARY } from '../shared/models/describedShapes';
import { SIMPLIFIED } from '../shared/predictions/simplifiedShape';

/*
 * What the items of each operation hold, with its default settings. The build writes it into
 * `__schema__`, from where n8n's editor shows fields to drag before the first run, and its Assistant
 * knows what the next node can use. No code that runs in n8n reads it.
 */

const text = v.string();
const nullableText = v.nullable(text);

/** What Replicate's API sends of a model of the account (docs, models). */
const model = v.object({
	url: text,
	owner: text,
	name: text,
	description: nullableText,
	visibility: text,
	is_official: v.boolean(),
	github_url: nullableText,
	paper_url: nullableText,
	license_url: nullableText,
	run_count: v.number(),
	cover_image_url: nullableText,
	default_example: v.nullable(jsonObject),
	latest_version: v.nullable(jsonObject),
	created_at: v.optional(text),
});

/** An account (docs, account). */
const account = v.object({
	type: text,
	username: text,
	name: text,
	avatar_url: v.optional(nullableText),
	github_url: v.optional(nullableText),
});

/** A deployment with its release (docs, deployments). */
const deployment = v.object({
	owner: text,
	name: text,
	current_release: v.object({
		number: v.number(),
		model: text,
		version: text,
		created_at: text,
		created_by: account,
		configuration: v.object({
			hardware: text,
			min_instances: v.number(),
			max_instances: v.number(),
		}),
	}),
});

/** A file of the Files API (docs, files). */
const file = v.object({
	id: text,
	name: text,
	content_type: text,
	size: v.number(),
	etag: text,
	checksums: v.object({ sha256: text, md5: v.optional(text) }),
	metadata: jsonObject,
	created_at: text,
	expires_at: text,
	urls: v.object({ get: text }),
});

const collection = v.object({ name: text, slug: text, description: nullableText });

/** What an item costs, where the builder gives prices. */
const cost = v.object({
	usd: v.nullable(v.number()),
	parts: v.array(
		v.object({
			metric: text,
			amount: v.number(),
			price: v.number(),
			per: v.optional(v.number()),
			usd: v.number(),
			predictionId: v.optional(nullableText),
			status: v.optional(nullableText),
		}),
	),
	unpriced: v.optional(v.array(text)),
	isLowerBound: v.optional(v.boolean()),
});

/** What a run adds to the short JSON of its prediction. */
const ran = v.object({
	...SIMPLIFIED.entries,
	warnings: v.optional(v.array(text)),
	reused: v.optional(v.boolean()),
	example: v.optional(v.boolean()),
	fileIndex: v.optional(v.number()),
	fileCount: v.optional(v.number()),
	cost: v.optional(cost),
});

/** What Summarize says of one group, with its default of a group per model. */
const summary = v.object({
	model: nullableText,
	status: v.optional(text),
	day: v.optional(text),
	predictions: v.number(),
	statuses: jsonObject,
	predictSeconds: v.number(),
	metrics: jsonObject,
	cost: v.optional(
		v.object({
			usd: v.nullable(v.number()),
			unpriced: v.optional(v.array(text)),
			isLowerBound: v.optional(v.boolean()),
		}),
	),
	from: nullableText,
	to: text,
	isPartial: v.optional(v.boolean()),
});

/** Of each operation, by the values of resource and operation in workflows. */
export const outputSchemas: Record<string, Record<string, v.GenericSchema>> = {
	prediction: {
		run: ran,
		cancel: SIMPLIFIED,
		get: SIMPLIFIED,
		getAll: SIMPLIFIED,
		summarize: summary,
	},
	model: {
		create: model,
		delete: v.object({ model: text, deleted: v.boolean() }),
		get: MODEL_DETAILS,
		getAll: MODEL_SUMMARY,
		getExamples: v.object({ ...SIMPLIFIED.entries, input: jsonObject }),
		getReadme: v.object({ model: text, readme: text }),
		getVersions: VERSION_SUMMARY,
		search: MODEL_SUMMARY,
		update: model,
	},
	file: {
		delete: v.object({ id: text, deleted: v.boolean() }),
		get: file,
		getAll: file,
		upload: file,
	},
	deployment: {
		create: deployment,
		delete: v.object({ deployment: text, deleted: v.boolean() }),
		get: deployment,
		getAll: deployment,
		update: deployment,
	},
	training: { create: ran, cancel: SIMPLIFIED, get: SIMPLIFIED, getAll: SIMPLIFIED },
	collection: {
		get: v.object({
			...collection.entries,
			full_description: nullableText,
			models: v.array(MODEL_SUMMARY),
		}),
		getAll: collection,
	},
	hardware: { getAll: v.object({ name: text, sku: text }) },
	account: { get: account },
};

/** What the trigger's items hold. */
export const triggerSchema = v.object({
	type: text,
	...SIMPLIFIED.entries,
	input: jsonObject,
	query: jsonObject,
	downloadError: v.optional(json),
});
