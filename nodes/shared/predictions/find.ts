import { createHash } from 'node:crypto';
import equal from 'fast-deep-equal';
import { stringifyJson } from '../api/json';
import type { JsonObject, JsonValue } from '../api/json';
import { InlinedFile, type SentObject, type SentValue } from '../api/jsonBody';
import type { Prediction } from '../api/shapes';
import type { JobTarget } from '../models/jobKind';

/** Whether a listed prediction can be what a create made, as far as the list says. */
export function mayBe(listed: Prediction, target: JobTarget, input: SentObject): boolean {
	return target.kind.runs(listed, target) && hasInput(listed, asListed(input));
}

/**
 * Whether the list shows a prediction with exactly the input that was sent. It never does for data
 * URIs, which Replicate does not keep: such a prediction may be of another file, and of another
 * execution, that of somebody else's photo. Nor for no input at all, which any other may look like
 * once its data was removed.
 */
export function showsAllOf({ input: shown }: Prediction, sent: SentObject): boolean {
	return Object.keys(sent).length > 0 && !holdsDataUri(sent) && equal(shown, asListed(sent));
}

/** A longer value is kept by its digest, in characters of JSON. */
const MAX_KEPT_LENGTH = 200;

/**
 * As much of an input as the list shows for certain, to be compared with that of another create: no data
 * URIs, and perhaps no empty values. It is kept for a day, so of a long value only a digest.
 */
export function listable(input: SentObject): JsonObject {
	const shown = Object.entries(input).filter(([, value]) => value !== null && !holdsDataUri(value));
	const listed = asListed(Object.fromEntries(shown));
	return Object.fromEntries(Object.entries(listed).map(([name, value]) => [name, kept(value)]));
}

function kept(value: JsonValue): JsonValue {
	const text = sortedText(value);
	return text.length > MAX_KEPT_LENGTH ? { sha256: sha256(text) } : value;
}

function sha256(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

/** An input as JSON holds it. */
function asListed(input: SentObject): JsonObject {
	return JSON.parse(stringifyJson(input)) as JsonObject;
}

/** What the list shows of an input must be equal. It may show more, no data URIs, or no input at all. */
function hasInput({ input }: Prediction, sent: JsonObject): boolean {
	if (!input || Object.keys(input).length === 0) return true;
	return Object.entries(sent).every(
		([name, value]) => holdsDataUri(value) || equal(input[name], value),
	);
}

function holdsDataUri(value: SentValue): boolean {
	if (typeof value === 'string') return value.startsWith('data:');
	if (typeof value !== 'object' || value === null) return false;
	if (value instanceof InlinedFile) return true;
	return Object.values(value).some(holdsDataUri);
}

/**
 * Tells one input from another as the list shows it, whatever the order of its keys.
 *
 * @returns SHA-256 in hex; `undefined` for an input that the list does not show as a whole, and for an
 *          empty one
 */
export function inputDigest(input: SentObject): string | undefined {
	if (holdsDataUri(input)) return undefined;
	const listed = asListed(input);
	if (Object.keys(listed).length === 0) return undefined;
	return sha256(sortedText(listed));
}

function sortedText(value: JsonValue): string {
	if (typeof value !== 'object' || value === null) return JSON.stringify(value);
	if (Array.isArray(value)) return `[${value.map(sortedText).join()}]`;
	const keys = Object.keys(value).sort();
	return `{${keys.map((key) => `${JSON.stringify(key)}:${sortedText(value[key]!)}`).join()}}`;
}
