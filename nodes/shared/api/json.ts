import { parse, stringify } from 'lossless-json';

type JsonPrimitive = string | number | boolean | null;
export type JsonValue = JsonPrimitive | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** What an input of a model can hold: JSON, and whole numbers above 2^53 with all their digits. */
export type InputValue = JsonPrimitive | bigint | InputValue[] | { [key: string]: InputValue };
export type InputObject = { [key: string]: InputValue };

/** Digits of the smallest whole number that JavaScript may not hold exactly (2^53). */
const LONG_NUMBER = /\d{16}/;

/**
 * Reads JSON and keeps whole numbers above 2^53, such as some models' seeds, as `bigint`.
 *
 * @throws SyntaxError when the text is not JSON
 */
export function parseJson(text: string): InputValue {
	const plain = JSON.parse(text) as InputValue;
	if (!LONG_NUMBER.test(text)) return plain;
	return parse(text, undefined, {
		parseNumber: exactNumber,
		onDuplicateKey: ({ newValue }) => newValue,
	}) as InputValue;
}

function exactNumber(digits: string): number | bigint {
	const number = Number(digits);
	const isExact = !/^-?\d+$/.test(digits) || Number.isSafeInteger(number);
	return isExact ? number : BigInt(digits);
}

/**
 * JSON in which a `bigint` is a number with all its digits; `null` for what JSON cannot hold.
 *
 * @param replacer as `JSON.stringify` takes it
 */
export function stringifyJson(value: unknown, replacer?: Replacer): string {
	const written = holdsBigint(value) ? stringify(value, replacer) : JSON.stringify(value, replacer);
	return written ?? 'null';
}

type Replacer = (this: Record<string, unknown>, key: string, value: unknown) => unknown;

function holdsBigint(value: unknown): boolean {
	return isNested(value) ? Object.values(value).some(holdsBigint) : typeof value === 'bigint';
}

/** How deep a response may be nested before the rest is cut off: n8n writes items recursively. */
const MAX_DEPTH = 200;
/** Replaces what was cut off. */
const CUT_OFF = '[nested too deeply]';

/** Whether lists and objects are nested deeper than n8n and the JSON functions can handle. */
export function isTooDeep(value: unknown, limit = MAX_DEPTH): boolean {
	if (!isNested(value)) return false;
	return limit < 0 || Object.values(value).some((one) => isTooDeep(one, limit - 1));
}

/** The same JSON with whatever is nested too deeply replaced by a note. Changes the value itself. */
export function withoutDepths<T>(value: T, limit = MAX_DEPTH): T {
	if (!isNested(value)) return value;
	if (limit > 0) {
		// A list's values are not copied: there can be a million.
		const members: unknown[] = Array.isArray(value) ? value : Object.values(value);
		for (const member of members) if (isNested(member)) withoutDepths(member, limit - 1);
		return value;
	}
	const parent: Record<string, unknown> = value;
	for (const key of Object.keys(parent)) {
		if (isNested(parent[key])) parent[key] = CUT_OFF;
	}
	return value;
}

/**
 * An object as JSON holds it: a copy without what is `undefined`, at any depth.
 *
 * @throws TypeError for what JSON cannot hold, such as a function or a `bigint`
 */
export function toJson(value: object): JsonObject {
	const members = Object.entries(value).filter(([, member]) => member !== undefined);
	return Object.fromEntries(members.map(([key, member]) => [key, jsonValue(member)]));
}

function jsonValue(value: unknown): JsonValue {
	switch (typeof value) {
		case 'string':
		case 'boolean':
		case 'number':
			return value;
		case 'object':
			if (value === null) return null;
			return Array.isArray(value)
				? value.map((one: unknown) => jsonValue(one ?? null))
				: toJson(value);
		default:
			throw new TypeError(`JSON cannot hold a ${typeof value}`);
	}
}

/** A list or an object. */
export function isNested(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

/** Any value as an error shows it: JSON, cut after 100 characters. */
export function shown(value: unknown): string {
	if (typeof value === 'number') return String(value);
	const text = isTooDeep(value) ? '(nested too deeply)' : stringifyJson(value);
	return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** A text as it is, nothing as an empty one, and anything else as JSON. */
export function textOf(value: unknown): string {
	if (value === null || value === undefined) return '';
	if (typeof value === 'string') return value;
	return isTooDeep(value) ? '' : stringifyJson(value);
}
