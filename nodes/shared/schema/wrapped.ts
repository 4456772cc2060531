import { withoutBlanks, withoutFence } from '../api/blanks';
import { isNested, parseJson, type InputValue } from '../api/json';
import { bytesIn } from './binaryValues';

/** Names under which an object holds nothing but a value. */
const WRAPPERS = ['json', 'data', 'value'];

/** Whether an object is nothing but a wrapper around a value, as `{ json: … }` of an n8n item is. */
export function isWrapper(value: unknown): value is Record<string, unknown> {
	if (!isNested(value) || Array.isArray(value)) return false;
	const [only, ...more] = Object.keys(value);
	return only !== undefined && more.length === 0 && WRAPPERS.includes(only);
}

/**
 * What is wrapped in a value, one layer of it: the text without blanks or backticks around it, the JSON that is
 * written in it, the only element of a list, the value in a wrapper; `undefined` where there is nothing.
 */
export function inner(value: unknown): { value: unknown } | undefined {
	if (typeof value === 'string') {
		const trimmed = withoutBlanks(withoutFence(value));
		if (!/^[[{"]/.test(trimmed)) return trimmed === value ? undefined : { value: trimmed };
		const parsed = parsedOr(trimmed, undefined);
		return parsed === undefined || parsed === null ? undefined : { value: parsed };
	}
	if (Array.isArray(value))
		return value.length === 1 ? { value: (value as unknown[])[0] } : undefined;
	if (isWrapper(value)) return { value: Object.values(value)[0] };
	const text = isNested(value) ? bytesText(value) : undefined;
	return typeof text === 'string' ? { value: text } : undefined;
}

/** The text in bytes; `null` for bytes that are not text, `undefined` for a value without bytes. */
export function bytesText(value: unknown): string | null | undefined {
	const bytes = bytesIn(value);
	if (!bytes) return undefined;
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return null;
	}
}

/** The elements of a list that was made an object, with its places for keys: `{ 0: …, 1: … }`. */
export function elementsByPlace(value: unknown): unknown[] | undefined {
	if (!isNested(value) || Array.isArray(value)) return undefined;
	const places = Object.keys(value);
	const isList = places.length > 0 && places.every((place, index) => place === String(index));
	return isList ? Object.values(value) : undefined;
}

/** The JSON value of a text, or something else for a text that is no JSON. */
export function parsedOr<T>(text: string, otherwise: T): InputValue | T {
	try {
		return parseJson(text);
	} catch {
		return otherwise;
	}
}
