import { distance } from 'fastest-levenshtein';
import { InputError } from '../api/errors';
import { type InputObject, type InputValue, parseJson, shown, stringifyJson } from '../api/json';
import { isFileInput, rangeOf, type ModelInput, type ValueRule } from './modelInputs';

/** How many choices, and input names, an error lists before it says that there are more. */
const LISTED = 20;

/**
 * Turns the values that a builder gave into what the model's schema wants: whole numbers, numbers,
 * booleans, lists, objects, members of a choice. Empty values are left out, because Replicate refuses
 * `null` and an empty text where it wants a number or an address. Files are left to `findFileInputs`.
 * Names that the model does not know are passed on as they are.
 *
 * @param isForm whether the values were typed into a form, which makes a text of everything
 * @throws InputError for a value of a wrong type, outside its limits, or not among its choices
 */
export function typedInput(
	inputs: ModelInput[],
	given: Record<string, unknown>,
	isForm = false,
): InputObject {
	const known = new Map(inputs.map((input) => [input.name, input]));
	const typed = Object.entries(given).flatMap(([name, value]): Array<[string, InputValue]> => {
		const input = known.get(name);
		if (value === undefined || (value === null && !input?.acceptsNull)) return [];
		if (!input || value === null) return [[name, value as InputValue]];
		if (value === '' && !(input.kind === 'text' || input.kind === 'json')) return [];
		if (isFileInput(input)) return [[name, value as InputValue]];
		if (isDefault(input, value)) return [[name, input.default!]];
		const label = `The input "${name}"`;
		if (input.kind === 'json') return [[name, json(input, value, label, isForm)]];
		return [[name, typedValue(input, value, label)]];
	});
	return Object.fromEntries(typed);
}

/**
 * Checks that nothing that the model needs is missing.
 *
 * @param filled names of inputs that files fill
 * @param files  names of the item's binary fields, for the error
 * @throws InputError that names the missing inputs
 */
export function assertComplete(
	inputs: ModelInput[],
	input: InputObject,
	filled: string[],
	files: string[],
): void {
	const isMissing = ({ name, required }: ModelInput) =>
		required && !filled.includes(name) && (!Object.hasOwn(input, name) || input[name] === '');
	const missing = inputs.filter(isMissing);
	const [first] = missing;
	if (!first) return;
	const names = missing.map(({ name }) => `"${name}"`).join(', ');
	throw new InputError(
		missing.length === 1 ? `The input ${names} is required` : `The inputs ${names} are required`,
		{
			code: 'inputMissing',
			inputs: missing.map(({ name }) => name),
			isFile: isFileInput(first),
			binaryFields: files,
		},
	);
}

/** One warning for each name that the model does not know, with the nearest one that it does. */
export function unknownNames(inputs: ModelInput[], given: object): string[] {
	const names = inputs.map(({ name }) => name);
	return Object.keys(given)
		.filter((name) => !names.includes(name))
		.map((name) => {
			const near = nearest(name, names);
			const hint = near ? `Did you mean "${near}"?` : `Its inputs: ${listed(names)}.`;
			return `The model has no input "${name}", and Replicate ignores it. ${hint}`;
		});
}

/** The name that is most like `name`, if any is like it at all. */
export function nearest(name: string, names: string[]): string | undefined {
	const plain = (text: string) => text.toLowerCase().replace(/[^a-z\d]/g, '');
	const max = Math.max(2, name.length / 3);
	// Comparing two very long names would take minutes.
	const ranked = names
		.filter((known) => Math.max(known.length, name.length) <= 1_000)
		.map((known) => ({ known, steps: distance(plain(name), plain(known)) }))
		.sort((one, other) => one.steps - other.steps);
	const [best] = ranked;
	return best && best.steps <= max ? best.known : undefined;
}

/** A default that breaks its own schema's rules is still what the model takes. */
function isDefault(input: ModelInput, value: unknown): boolean {
	return input.default !== undefined && JSON.stringify(input.default) === stringifyJson(value);
}

/** A text as it is, and anything else as JSON. */
function asText(value: unknown): string {
	return typeof value === 'string' ? value : stringifyJson(value);
}

function typedValue(rule: ValueRule, value: unknown, label: string): InputValue {
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
			return object(value, label);
		case 'json':
			return json(rule, value, label);
		default:
			return value as InputValue;
	}
}

function text(rule: ValueRule, value: unknown, label: string): string {
	const content = asText(value);
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
	const word = asText(value).trim().toLowerCase();
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
		choices.find((one) => String(one) === asText(value).trim());
	if (member !== undefined) return member;
	const near = typeof value === 'string' ? nearest(value, choices.map(String)) : undefined;
	throw new InputError(
		`${label} must be one of ${listed(choices.map(String))}, and is ${shown(value)}`,
		{ code: 'inputInvalid', expected: { type: 'choice', near } },
	);
}

function list(rule: ValueRule, value: unknown, label: string): InputValue[] {
	const parsed = typeof value === 'string' ? parsedOr(value, [value]) : value;
	const elements = Array.isArray(parsed) ? (parsed as unknown[]) : [parsed];
	const { items } = rule;
	if (!items) return elements as InputValue[];
	return elements.map((element, index) =>
		typedValue(items, element, `${label}, element ${index + 1},`),
	);
}

function object(value: unknown, label: string): InputObject {
	const parsed = typeof value === 'string' ? parsedOr(value, undefined) : value;
	if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
		return parsed as InputObject;
	}
	throw new InputError(`${label} must be a JSON object, and is ${shown(value)}`, {
		code: 'inputInvalid',
		expected: { type: 'object' },
	});
}

/**
 * A value of several possible types: its JSON where it is one of them, else its text. Where a schema
 * takes anything, a text that was written as one is text; in a form, only quotes make it one.
 */
function json(
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

function parsedOr<T>(text: string, otherwise: T): InputValue | T {
	try {
		return parseJson(text);
	} catch {
		return otherwise;
	}
}

function listed(names: string[]): string {
	const shownNames = names.slice(0, LISTED).join(', ');
	return names.length > LISTED ? `${shownNames} and ${names.length - LISTED} more` : shownNames;
}
