/**
 * What Replicate's API sends, as far as this package reads it. Every field that the API leaves out
 * or sends as `null` at times is both optional and nullable here (recordings differ by endpoint).
 */

export type JsonValue =
	string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** What an input of a model can hold: JSON, and whole numbers above 2^53 with all their digits. */
export type InputValue =
	string | number | bigint | boolean | null | InputValue[] | { [key: string]: InputValue };
export type InputObject = { [key: string]: InputValue };

/** A JSON-schema node as Cog writes it (OpenAPI 3.0 or 3.1). Nothing in it can be relied on. */
export type SchemaNode = { [key: string]: unknown };

/** The OpenAPI document of one model version; `components.schemas` holds `Input` and `Output`. */
export interface OpenApiDocument {
	components?: { schemas?: Record<string, SchemaNode> };
}

export interface ModelVersion {
	id: string;
	created_at?: string;
	cog_version?: string | null;
	openapi_schema?: OpenApiDocument | null;
}

export interface Model {
	owner: string;
	name: string;
	description?: string | null;
	url?: string;
	visibility?: string;
	is_official?: boolean;
	run_count?: number | null;
	cover_image_url?: string | null;
	github_url?: string | null;
	paper_url?: string | null;
	license_url?: string | null;
	latest_version?: ModelVersion | null;
	/** A prediction that its owner shows as an example. */
	default_example?: Prediction | null;
	created_at?: string | null;
}

export interface Deployment {
	owner: string;
	name: string;
	current_release?: {
		/** `owner/name`. */
		model: string;
		/** A version's id. */
		version: string;
	} | null;
}

export interface Collection {
	name: string;
	slug: string;
	description?: string | null;
	full_description?: string | null;
	models?: Model[] | null;
}

export interface Hardware {
	name: string;
	sku: string;
}

/** The answer to a search. Hits carry no schema to rely on. */
export interface SearchResults {
	models: Array<{ model: Model }>;
}

export interface Prediction {
	id: string;
	/** `starting`, `processing`, `succeeded`, `failed`, `canceled`, `aborted`, or one not known yet. */
	status: string;
	model?: string | null;
	version?: string | null;
	/** `owner/name` of the deployment that runs it. */
	deployment?: string | null;
	input?: JsonObject | null;
	output?: JsonValue;
	error?: JsonValue;
	logs?: string | null;
	metrics?: Record<string, JsonValue> | null;
	data_removed?: boolean | null;
	created_at?: string | null;
	started_at?: string | null;
	completed_at?: string | null;
	urls?: { get?: string; cancel?: string; web?: string; stream?: string } | null;
}

/** A file in Replicate's Files API. */
export interface ReplicateFile {
	id: string;
	name?: string;
	content_type?: string;
	/** Bytes. */
	size?: number;
	expires_at?: string | null;
	urls: { get: string };
}

/** One page of a list. `next` is an absolute URL, `null`, or (in samples) the string "null". */
export interface Page<T> {
	next?: string | null;
	previous?: string | null;
	results: T[];
}
