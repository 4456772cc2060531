import * as v from 'valibot';
import { json, jsonObject } from '../api/shape';

const text = v.string();

/** What a list says of a model. */
export const MODEL_SUMMARY = v.object({
	model: text,
	description: text,
	official: v.boolean(),
	runCount: v.number(),
	visibility: text,
	url: text,
	coverImageUrl: v.nullable(text),
	latestVersion: v.nullable(text),
});
export type ModelSummary = v.InferOutput<typeof MODEL_SUMMARY>;

/** One input of a model, for people and agents. */
const INPUT_DESCRIPTION = v.object({
	name: text,
	type: text,
	required: v.boolean(),
	description: v.optional(text),
	default: v.optional(json),
	minimum: v.optional(v.number()),
	maximum: v.optional(v.number()),
	range: v.optional(text),
	maxLength: v.optional(v.number()),
	choices: v.optional(v.array(v.union([text, v.number(), v.boolean()]))),
	deprecated: v.optional(v.boolean()),
});

/** A model with its inputs. */
export const MODEL_DETAILS = v.object({
	...MODEL_SUMMARY.entries,
	githubUrl: v.nullable(text),
	paperUrl: v.nullable(text),
	licenseUrl: v.nullable(text),
	createdAt: v.nullable(text),
	inputs: v.array(INPUT_DESCRIPTION),
	/** What it gives: "text", "file", "list of files" and so on. */
	output: v.nullable(text),
	exampleInput: v.nullable(jsonObject),
});

/** A version without its schema. */
export const VERSION_SUMMARY = v.object({
	version: text,
	createdAt: v.nullable(text),
	cogVersion: v.nullable(text),
});
export type VersionSummary = v.InferOutput<typeof VERSION_SUMMARY>;
