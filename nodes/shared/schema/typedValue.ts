import { InputError } from '../api/errors';
import { withoutFence } from '../api/blanks';
import { isNested, type InputObject, type InputValue, shown, stringifyJson } from '../api/json';
import { isFileInput, rangeOf, type ValueRule } from './modelInputs';
import { listed, nearest } from './names';
import { bytesText, elementsByPlace, inner, isWrapper, parsedOr } from './wrapped';

/** How often a value is unwrapped where it does not fit as it is. */
const MAX_UNWRAPPED = 4;

/**
 * A value as its rule wants it: as it was given where that fits, else what is written or wrapped in it,
 * if that fits.
 *
 * @param label what it is the value of, for the error
 * @throws InputError for a value of a wrong type, outside its limits, or not among its choices
 */
export function typedValue(rule: ValueRule, value: unknown, label: string): InputValue {
	let one: { value: unknown } | undefined = { value };
	for (let depth = 0; one && depth <= MAX_UNWRAPPED; depth++) {
		const read = fitting(rule, one.value, label);
		if (read) return read.value;
		one = inner(one.value);
	}
	return exactValue(rule, value, label);
}

function fitting(
	rule: ValueRule,
	value: unknown,
	label: string,
): { value: InputValue } | undefined {
	try {
		return { value: exactValue(rule, value, label) };
	} catch {
		return undefined;
	}
}

function exactValue(rule: ValueRule, value: unknown, label: string): InputValue {
	switch (rule.kind) {
		case 'text':
		case 'secret':
			return text(rule, value, label);
		case 'integer':
		case 'number':
			return number(rule, value, label);
		case 'boolean':
			return boolean(value, label);
		case 'choice':
			return choice(rule, value, label);
		case 'list':
			return list(rule, value, label);
		case 'object':
			return object(rule, value, label);
		case 'json':
			return jsonValue(rule, value, label);
		default:
			return value as InputValue;
	}
}

/**
 * A text as it is, bytes as the text that they are, a time in ISO 8601, and anything else as JSON.
 *
 * @throws InputError for bytes that are not text, and an invalid time
 */
function textOf(value: unknown, label: string): string {
	if (typeof value === 'string') return value;
	const inBytes = bytesText(value);
	const text = inBytes === undefined && isNested(value) ? isoTime(value) : inBytes;
	if (text === null) notText(value, label);
	return text ?? stringifyJson(value);
}

/** The text that a date, or one of n8n's, is in JSON; `null` for an invalid one. */
function isoTime(value: Record<string, unknown>): string | null | undefined {
	if (typeof value.toJSON !== 'function') return undefined;
	const json: unknown = (value.toJSON as () => unknown)();
	return typeof json === 'string' || json === null ? json : undefined;
}

function text(rule: ValueRule, value: unknown, label: string): string {
	const written = textOf(value, label);
	// What JavaScript makes of an object that is put into a text.
	if (/^\s*\[object Object\]\s*$/.test(written)) notText(value, label);
	const content = rule.kind === 'secret' ? written.trim() : written;
	const { minLength = 0, maxLength = Infinity } = rule;
	const length = [...content].length;
	if (length >= minLength && length <= maxLength) return content;
	const min = minLength > 0 ? `at least ${minLength}` : undefined;
	const max = maxLength < Infinity ? `at most ${maxLength}` : undefined;
	throw new InputError(
		`${label} must have ${[min, max].filter(Boolean).join(' and ')} characters, and has ${length}`,
		{ code: 'inputInvalid', expected: { type: 'text' } },
	);
}

function number(rule: ValueRule, value: unknown, label: string): number | bigint {
	const wanted = rule.kind === 'integer' ? 'a whole number' : 'a number';
	const parsed = parseNumber(value);
	if (parsed === undefined || (rule.kind === 'integer' && !isWhole(parsed))) {
		throw new InputError(`${label} must be ${wanted}, and is ${shown(value)}`, {
			code: 'inputInvalid',
			expected: { type: 'number', range: rangeOf(rule) },
		});
	}
	const { minimum = -Infinity, maximum = Infinity, aboveMinimum, belowMaximum } = rule;
	const isHighEnough = aboveMinimum ? parsed > minimum : parsed >= minimum;
	const isLowEnough = belowMaximum ? parsed < maximum : parsed <= maximum;
	if (isHighEnough && isLowEnough) return parsed;
	const range = rangeOf(rule)!.replace(/^(?=[-\d])/, 'from ');
	// The message has the range already.
	throw new InputError(`${label} must be ${range}, and is ${shown(value)}`, {
		code: 'inputInvalid',
		expected: { type: 'number' },
	});
}

/** A number, or the digits of one; whole numbers above 2^53 keep all their digits. */
function parseNumber(value: unknown): number | bigint | undefined {
	if (typeof value === 'bigint') return value;
	if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
	if (typeof value !== 'string') return undefined;
	const digits = value.trim();
	if (/^[+-]?\d+$/.test(digits)) {
		const number = Number(digits);
		return Number.isSafeInteger(number) ? number : BigInt(digits);
	}
	return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(digits) &&
		Number.isFinite(Number(digits))
		? Number(digits)
		: undefined;
}

function isWhole(value: number | bigint): boolean {
	return typeof value === 'bigint' || Number.isInteger(value);
}

function boolean(value: unknown, label: string): boolean {
	const word = textOf(value, label).trim().toLowerCase();
	if (word === 'true' || word === '1') return true;
	if (word === 'false' || word === '0') return false;
	throw new InputError(`${label} must be true or false, and is ${shown(value)}`, {
		code: 'inputInvalid',
		expected: { type: 'boolean' },
	});
}

function choice({ choices = [] }: ValueRule, value: unknown, label: string): InputValue {
	const member =
		choices.find((one) => one === value) ??
		choices.find((one) => String(one) === textOf(value, label).trim());
	if (member !== undefined) return member;
	const near = typeof value === 'string' ? nearest(value, choices.map(String)) : undefined;
	throw new InputError(
		`${label} must be one of ${listed(choices.map(String))}, and is ${shown(value)}`,
		{ code: 'inputInvalid', expected: { type: 'choice', near } },
	);
}

function list(rule: ValueRule, value: unknown, label: string): InputValue[] {
	const { items } = rule;
	const elements = elementsOf(value, items);
	if (!Array.isArray(value) && isBrokenList(elements)) {
		throw new InputError(`${label} must be a list, and is ${shown(value)}`, {
			code: 'inputInvalid',
			expected: { type: 'list' },
		});
	}
	const counted = countFault(rule, elements.length);
	if (counted !== undefined) {
		throw new InputError(`${label} must have ${counted}, and has ${elements.length}`, {
			code: 'inputInvalid',
			expected: { type: 'list' },
		});
	}
	if (!items) return elements as InputValue[];
	return elements.map((element, index) => {
		const its = `${label}, element ${index + 1},`;
		// What JSON makes of a list, or of nothing, in a list of texts is not what was handed over.
		if (isTextual(items) && (Array.isArray(element) || element === null)) notText(element, its);
		return typedValue(items, element, its);
	});
}

/** Whether the only element is the text of a list that is not JSON: `['a', 'b']`, or one that was cut. */
function isBrokenList(elements: unknown[]): boolean {
	const [only] = elements;
	return elements.length === 1 && typeof only === 'string' && /^\s*\[\s*["'‘“]/.test(only);
}

/** The elements of a list, also of one that is written as text or is inside an object or another list. */
function elementsOf(value: unknown, items: ValueRule | undefined): unknown[] {
	if (Array.isArray(value)) {
		const list = value as unknown[];
		if (!items || items.kind === 'list' || items.kind === 'json') return list;
		const wrapped = list.length === 1 ? wrappedList(list[0], items) : undefined;
		if (wrapped) return elementsOf(wrapped.value, items);
		return isTextual(items) ? list.map(unwrapped) : list;
	}
	if (typeof value === 'string') return elementsIn(value, items);
	const wrapped = wrappedList(value, items);
	return wrapped ? elementsOf(wrapped.value, items) : [value];
}

/** The elements of a list that is written as text. */
function elementsIn(text: string, items: ValueRule | undefined): unknown[] {
	const parsed = parsedOr(withoutFence(text), text);
	const isList = wrappedList(parsed, items) !== undefined;
	// A text that is no list is an element, whatever JSON it holds.
	const isOther = typeof parsed === 'string' ? /^\s*\[/.test(parsed) : !(items && isTextual(items));
	if (parsed !== text && (isList || isOther)) return elementsOf(parsed, items);
	const isPlain = items && ['integer', 'number', 'boolean', 'choice'].includes(items.kind);
	const isOne = !isPlain || fitting(items, text, '') !== undefined;
	return isOne ? [text] : text.split(/[,\n]/).map((part) => part.trim());
}

/** A list, or what is in a wrapper that cannot be an element itself. */
function wrappedList(value: unknown, items: ValueRule | undefined): { value: unknown } | undefined {
	if (Array.isArray(value)) return { value };
	const elements = elementsByPlace(value);
	if (elements) return { value: elements };
	const mayBeElement = items?.kind === 'object' && isNested(value) && !isForeign(items, value);
	return isWrapper(value) && !mayBeElement ? inner(value) : undefined;
}

/** What is in the wrappers around an element. */
function unwrapped(element: unknown): unknown {
	return isWrapper(element) ? unwrapped(inner(element)?.value) : element;
}

function isTextual({ kind }: ValueRule): boolean {
	return kind === 'text' || kind === 'secret';
}

function notText(value: unknown, label: string): never {
	throw new InputError(`${label} must be text, and is ${shown(value)}`, {
		code: 'inputInvalid',
		expected: { type: 'text' },
	});
}

function countFault({ minItems = 0, maxItems = Infinity }: ValueRule, count: number) {
	if (count < minItems) return `at least ${elements(minItems)}`;
	return count > maxItems ? `at most ${elements(maxItems)}` : undefined;
}

function elements(count: number): string {
	return count === 1 ? 'one element' : `${count} elements`;
}

function object(rule: ValueRule, value: unknown, label: string): InputObject {
	const parsed = typeof value === 'string' ? parsedOr(value, undefined) : value;
	if (!isNested(parsed) || Array.isArray(parsed) || isForeign(rule, parsed)) {
		throw new InputError(`${label} must be a JSON object, and is ${shown(value)}`, {
			code: 'inputInvalid',
			expected: { type: 'object' },
		});
	}
	const { members = {}, needs = [] } = rule;
	const missing = needs.find((name) => !Object.hasOwn(parsed, name) || parsed[name] === undefined);
	if (missing !== undefined) {
		throw new InputError(`${label} needs "${missing}", and is ${shown(value)}`, {
			code: 'inputInvalid',
			expected: { type: 'object' },
		});
	}
	const typed = Object.entries(parsed).flatMap(([name, member]): Array<[string, InputValue]> => {
		const its = Object.hasOwn(members, name) ? members[name] : undefined;
		if (member === undefined) return [];
		if (!its || member === null || isFileInput(its)) return [[name, member as InputValue]];
		return [[name, typedValue(its, member, `${label}, "${name}",`)]];
	});
	return Object.fromEntries(typed);
}

/** Whether it is a wrapper around the object that is wanted, as far as the schema says what that has in it. */
function isForeign({ members = {} }: ValueRule, value: Record<string, unknown>): boolean {
	const names = Object.keys(members);
	return names.length > 0 && isWrapper(value) && !names.some((name) => Object.hasOwn(value, name));
}

/**
 * A value of several possible types: its JSON where it is one of them, else its text. Where a schema
 * takes anything, a text that was written as one is text; in a form, only quotes make it one.
 */
export function jsonValue(
	{ types = [] }: ValueRule,
	value: unknown,
	label: string,
	isForm = false,
): InputValue {
	if (typeof value !== 'string') return value as InputValue;
	const takesText = types.length === 0 || types.includes('string');
	const parsed = parsedOr(value, undefined);
	const isTaken =
		types.length === 0
			? isForm || typeof parsed === 'object'
			: typesOf(parsed).some((type) => types.includes(type));
	if (parsed !== undefined && parsed !== null && isTaken) return parsed;
	if (takesText) return value;
	throw new InputError(`${label} must be JSON (${types.join(' or ')}), and is ${shown(value)}`, {
		code: 'inputInvalid',
		expected: { type: 'json' },
	});
}

/** The types that a value has, in JSON schema's words: a whole number has two. */
function typesOf(value: unknown): string[] {
	if (Array.isArray(value)) return ['array'];
	if (typeof value !== 'number' && typeof value !== 'bigint') return [typeof value];
	return isWhole(value) ? ['number', 'integer'] : ['number'];
}
