import { InputError } from '../api/errors';
import { type InputObject, type InputValue, isTooDeep, stringifyJson } from '../api/json';
import { isFileObject, isNoFile } from './binaryValues';
import { isFileInput, type ModelInput } from './modelInputs';
import { listed, nearest } from './names';
import { jsonValue, typedValue } from './typedValue';

export { nearest };

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
		if (isFileInput(input)) return isLeftOut(input, value) ? [] : [[name, value as InputValue]];
		if (isBlank(value, input)) return [];
		if (isDefault(input, value)) return [[name, input.default!]];
		// A file for an input that its schema calls text: left to `findFileInputs` as well.
		if (input.kind === 'text' && isFileObject(value)) return [[name, value as InputValue]];
		const label = `The input "${name}"`;
		if (input.kind === 'json') return [[name, jsonValue(input, value, label, isForm)]];
		return [[name, typedValue(input, value, label)]];
	});
	return Object.fromEntries(typed);
}

/** @throws InputError for lists and objects inside each other that n8n cannot handle */
export function assertNotTooDeep(...given: object[]): void {
	if (!given.some((one) => isTooDeep(one))) return;
	throw new InputError('The input is nested too deeply', { code: 'inputTooDeep' });
}

/**
 * Checks that nothing that the model needs is missing.
 *
 * @param filled names of inputs that files fill
 * @param files  names of the item's binary fields, for the error
 * @param broken names of those that hold something else than n8n's binary data
 * @throws InputError that names the missing inputs
 */
export function assertComplete(
	inputs: ModelInput[],
	input: InputObject,
	filled: string[],
	files: string[],
	broken: string[] = [],
): void {
	const isEmpty = (one: ModelInput) => {
		const value = Object.hasOwn(input, one.name) ? input[one.name] : undefined;
		return value === undefined || value === '' || (isFileInput(one) && isNoFile(value));
	};
	const isMissing = (one: ModelInput) => one.required && !filled.includes(one.name) && isEmpty(one);
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
			...(broken.length > 0 ? { broken } : {}),
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

/** Nothing that could be a value: an empty text, or blanks where no text is wanted. */
function isBlank(value: unknown, { kind }: ModelInput): boolean {
	return typeof value === 'string' && kind !== 'text' && kind !== 'json' && value.trim() === '';
}

/** An empty list of files is one; any other empty value would be refused by Replicate. */
function isLeftOut({ kind, required }: ModelInput, value: unknown): boolean {
	return isNoFile(value) && !(Array.isArray(value) && kind !== 'file' && !required);
}

/** A default that breaks its own schema's rules is still what the model takes. */
function isDefault(input: ModelInput, value: unknown): boolean {
	return input.default !== undefined && JSON.stringify(input.default) === stringifyJson(value);
}
