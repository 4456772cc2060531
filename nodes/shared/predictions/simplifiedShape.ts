import * as v from 'valibot';
import { json, jsonObject } from '../api/shape';

const text = v.string();

/** One output file, as an item lists it. */
const file = v.object({
	/** The binary field that holds it, where it was fetched. */
	field: v.optional(text),
	/** The object key that it has in the output, where it has one. */
	key: v.optional(text),
	fileName: v.optional(text),
	mimeType: v.optional(text),
	bytes: v.optional(v.number()),
	url: text,
	/** Of n8n's own copy, where the builder wants one. */
	publicUrl: v.optional(text),
	publicUrlExpiresAt: v.optional(text),
	/** Why it was not fetched. */
	note: v.optional(text),
});

/** How far one is that is still running. */
const progress = v.object({
	percentage: v.optional(v.number()),
	logLine: v.optional(text),
});

/** The short JSON of a prediction or a training; what is optional is there only where it applies. */
export const SIMPLIFIED = v.object({
	text: v.optional(text),
	output: json,
	files: v.array(file),
	id: text,
	status: text,
	model: v.nullable(text),
	version: v.nullable(text),
	metrics: jsonObject,
	createdAt: v.nullable(text),
	completedAt: v.nullable(text),
	webUrl: text,
	dataRemoved: v.optional(v.boolean()),
	errorMessage: v.optional(text),
	progress: v.optional(progress),
});
export type Simplified = v.InferOutput<typeof SIMPLIFIED>;
