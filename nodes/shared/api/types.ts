/**
 * What Replicate's API sends, as far as this package reads it. Every field that the API leaves out
 * or sends as `null` at times is both optional and nullable here (recordings differ by endpoint).
 */

export type JsonValue =
	string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** A JSON-schema node as Cog writes it (OpenAPI 3.0 or 3.1). Nothing in it can be relied on. */
export type SchemaNode = { [key: string]: unknown };

/** The OpenAPI document of one model version; `components.schemas` holds `Input` and `Output`. */
export interface OpenApiDocument {
	components?: { schemas?: Record<string, SchemaNode> };
}

export interface ModelVersion {
	id: string;
	created_at?: string;
	openapi_schema?: OpenApiDocument | null;
}

export interface Model {
	owner: string;
	name: string;
	is_official?: boolean;
	latest_version?: ModelVersion | null;
}

export interface Prediction {
	id: string;
	/** `starting`, `processing`, `succeeded`, `failed`, `canceled`, `aborted`, or one not known yet. */
	status: string;
	model?: string | null;
	version?: string | null;
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
