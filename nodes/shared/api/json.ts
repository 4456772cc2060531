import { parse, stringify } from 'lossless-json';
import type { InputValue } from './types';

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

/** JSON in which a `bigint` is a number with all its digits; `null` for what JSON cannot hold. */
export function stringifyJson(value: unknown): string {
	return stringify(value) ?? 'null';
}
