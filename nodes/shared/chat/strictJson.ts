import { isNested, type JsonValue } from '../api/json';

/** How deep a call may be nested: far beyond any tool, and far below where functions fail. */
const MAX_DEPTH = 100;
/** How many values a call may hold; checks such as `uniqueItems` compare each with all others. */
const MAX_VALUES = 10_000;

/**
 * What makes a JSON value unsafe to act upon, or `undefined`: it would not arrive as the model wrote
 * it, or it is made to break what reads it.
 *
 * @param text that the value was read from, to find keys that are in an object twice
 */
export function unsafePart(value: JsonValue, text?: string): string | undefined {
	let level: JsonValue[] = [value];
	let values = 0;
	let keys = 0;
	for (let depth = 0; level.length > 0; depth++) {
		values += level.length;
		if (depth > MAX_DEPTH) return `the call is nested deeper than ${MAX_DEPTH} levels`;
		if (values > MAX_VALUES) return `the call holds more than ${MAX_VALUES} values`;
		for (const one of level) {
			const fault = typeof one === 'number' ? lostDigits(one) : dangerousKey(one);
			if (fault !== undefined) return fault;
			if (isNested(one) && !Array.isArray(one)) keys += Object.keys(one).length;
		}
		level = level.flatMap((one) => (isNested(one) ? (Object.values(one) as JsonValue[]) : []));
	}
	// In valid JSON, each colon outside of texts belongs to one key.
	if (text !== undefined && colonsIn(text) > keys) return 'an object in the call has a key twice';
	return undefined;
}

function lostDigits(number: number): string | undefined {
	const isExact = Number.isFinite(number) && (!Number.isInteger(number) || isSafe(number));
	return isExact
		? undefined
		: 'a number in the call has more digits than can be kept (2^53 at most)';
}

function isSafe(number: number): boolean {
	return Number.isSafeInteger(number);
}

/** Keys that change an object's prototype where it is copied or merged. */
function dangerousKey(value: JsonValue): string | undefined {
	if (!isNested(value) || Array.isArray(value)) return undefined;
	if (Object.hasOwn(value, '__proto__')) return 'the call has the key "__proto__"';
	if (!Object.hasOwn(value, 'constructor')) return undefined;
	const { constructor } = value;
	const isMerged = isNested(constructor) && Object.hasOwn(constructor, 'prototype');
	return isMerged ? 'the call has the keys "constructor" and "prototype"' : undefined;
}

function colonsIn(json: string): number {
	let colons = 0;
	let isInText = false;
	for (let at = 0; at < json.length; at++) {
		const character = json[at];
		if (isInText && character === '\\') at++;
		else if (character === '"') isInText = !isInText;
		else if (character === ':' && !isInText) colons++;
	}
	return colons;
}
