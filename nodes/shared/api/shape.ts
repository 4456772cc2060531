import * as v from 'valibot';
import { isNested, type JsonObject, type JsonValue } from './json';

/**
 * Reads a response as what it should be. Parts that the package can do without count as missing where
 * they have a wrong type; unknown ones stay.
 *
 * @returns `undefined` for a response that lacks what the package cannot do without
 */
export type Shape<T> = (response: unknown) => T | undefined;

/** What a shape reads. */
export type Shaped<S extends Shape<unknown>> = NonNullable<ReturnType<S>>;

/** The shape that a schema describes. */
export function shapeOf<T>(schema: v.GenericSchema<unknown, T>): Shape<T> {
	return (response) => {
		const read = v.safeParse(schema, response);
		return read.success ? read.output : undefined;
	};
}

/** An object with these parts. Others stay in it, and are not in its type. */
export function partsOf<const E extends v.ObjectEntries>(
	entries: E,
): v.GenericSchema<unknown, v.InferOutput<v.ObjectSchema<E, undefined>>> {
	return v.looseObject(entries);
}

/** A part that counts as missing when it is not what it should be. */
export function maybe<T>(schema: v.GenericSchema<unknown, T>) {
	return v.fallback(v.nullish(schema), undefined);
}

/** A list without the entries that are not what they should be. */
export function listOf<T>(schema: v.GenericSchema<unknown, T>) {
	const read = shapeOf(schema);
	return v.pipe(
		v.array(v.unknown()),
		v.transform((entries): T[] => entries.flatMap((entry) => only(read(entry)))),
	);
}

function only<T>(value: T | undefined): T[] {
	return value === undefined ? [] : [value];
}

/** Any JSON: all that is read here comes out of `JSON.parse`. */
export const json = v.custom<JsonValue>((value) => value !== undefined);
export const jsonObject = v.custom<JsonObject>(
	(value) => isNested(value) && !Array.isArray(value),
	'object',
);

/** An object that is passed on as it is. */
export const OBJECT_SHAPE = shapeOf(jsonObject);

/** One page of a list. */
export interface Page<T> {
	results: T[];
	/** An absolute URL, or (in samples) the text "null"; `null` at the end. */
	next: string | null;
}

/** A page of a list, without the entries that are not what they should be. */
export function pageOf<T>(entry: Shape<T>): Shape<Page<T>> {
	return (response) => {
		if (!isNested(response) || !Array.isArray(response.results)) return undefined;
		const results = response.results.flatMap((one: unknown) => only(entry(one)));
		const { next } = response;
		return { results, next: typeof next === 'string' ? next : null };
	};
}
