import { agentValue, isProse, proseValue } from './firstValue';
import type { JsonObject, JsonValue } from '../../shared/api/json';
import {
	isFileInput,
	isWide,
	type InputKind,
	type ModelInput,
} from '../../shared/schema/modelInputs';

/** One field of n8n's resource mapper. */
export interface FormField {
	id: string;
	displayName: string;
	/** Shown by versions of n8n that know the key; ignored by others. */
	description?: string;
	type: 'string' | 'number' | 'boolean' | 'options' | 'array' | 'object';
	required: boolean;
	display: boolean;
	defaultMatch: boolean;
	/** Whether the field is behind "Add input" at first. */
	removed: boolean;
	options?: Array<{ name: string; value: string | number | boolean }>;
	defaultValue?: string | number | boolean;
	/** On the first field, for the panel: whether any input is a file. */
	hasFiles?: true;
}

/** Longer values of an example, such as data URIs, are not filled in, in characters of JSON. */
const MAX_FILLED = 4_000;

/** What a form is for. */
export interface FormWishes {
	/** Whether the node is a tool of an agent, which then writes the prompts. */
	forAgent?: boolean;
	/** Whether the fields begin with the values of the example. */
	fills?: boolean;
}

/** How many inputs are shown first of a model that requires none and whose example has none. */
const FIRST_INPUTS = 5;

/**
 * The form of a model: one field per input, in the order of its schema. Shown at first are what it
 * needs, its files, its prompt, and what its own example sets; the rest is one click away.
 *
 * @param example the input of the model's example, if it has one
 */
export function modelForm(
	inputs: ModelInput[],
	example?: JsonObject | null,
	{ forAgent = false, fills = false }: FormWishes = {},
): FormField[] {
	const values = example ?? {};
	const isFirst = (input: ModelInput) => isShownFirst(input, values, fills);
	const fields = inputs.map((input): FormField => {
		const filled = fills && isFirst(input) ? withExample(input, values) : input;
		const value = firstValue(filled, forAgent && isFirst(input));
		return toField(input, !isFirst(input), value);
	});
	if (inputs.some(isFileInput)) fields[0]!.hasFiles = true;
	if (fields.every(({ removed }) => removed)) {
		for (const field of fields.slice(0, FIRST_INPUTS)) field.removed = false;
	}
	return fields;
}

/** The input with the example's value in the place of its default, if the field can hold that. */
function withExample(input: ModelInput, example: JsonObject): ModelInput {
	const used = usedIn(example, input.name);
	const isList = input.kind === 'fileList' || input.kind === 'either';
	const value = isList && Array.isArray(used) ? JSON.stringify(used) : used;
	const isHeld = input.kind !== 'secret' && JSON.stringify(value ?? '').length <= MAX_FILLED;
	if (value === undefined || value === '' || !isHeld) return input;
	const filled = { ...input, default: value };
	return firstValue(filled, false) === undefined ? input : filled;
}

/** What an example sets an input to. */
function usedIn(example: JsonObject, name: string): JsonValue | undefined {
	return Object.hasOwn(example, name) ? (example[name] ?? undefined) : undefined;
}

function isShownFirst(input: ModelInput, example: JsonObject, fills: boolean): boolean {
	if (input.required) return true;
	if (input.deprecated) return false;
	if (isFileInput(input) || isPrompt(input)) return true;
	const used = usedIn(example, input.name);
	if (used === undefined || used === '' || isSame(used, input.default)) return false;
	return !needsValue(fills ? withExample(input, example) : input);
}

function isPrompt({ name, kind }: ModelInput): boolean {
	return kind === 'text' && /^(?:.*_)?(?:prompt|text)$/i.test(name) && !/negative/i.test(name);
}

function isSame(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
	return JSON.stringify(one) === JSON.stringify(other);
}

/** n8n rejects these fields while they are empty, so without a default they are not shown at first. */
function needsValue(input: ModelInput): boolean {
	const isStrict = ['options', 'array', 'object'].includes(fieldType(input));
	return isStrict && defaultValue(input) === undefined;
}

/**
 * n8n runs a text that begins with "=" as an expression, with everything that it can read. A model's
 * author must not put one into the form, so such a default or choice is left to the JSON input.
 */
function isNoExpression(value: unknown): boolean {
	return !(typeof value === 'string' && value.startsWith('='));
}

/** What a field holds when it is first shown. */
function firstValue(input: ModelInput, byAgent: boolean): FormField['defaultValue'] {
	if (isProse(input)) {
		if (byAgent && isPrompt(input)) return agentValue(input);
		if (input.default !== undefined && typeof input.default !== 'string') return undefined;
		if (!isNoExpression(input.default)) return undefined;
		return proseValue(input.default ?? '') ?? input.default;
	}
	return defaultValue(input);
}

function toField(input: ModelInput, removed: boolean, value: FormField['defaultValue']): FormField {
	return {
		id: input.name,
		displayName: label(input),
		...(input.description ? { description: input.description } : {}),
		type: fieldType(input),
		// A required file may come from "File Inputs", or be the item's only one: checked at the run.
		required: input.required && !isFileInput(input),
		display: true,
		defaultMatch: false,
		removed,
		...(input.kind === 'choice' ? { options: options(input) } : {}),
		...(value === undefined ? {} : { defaultValue: value }),
	};
}

const FIELD_TYPES: Record<InputKind, FormField['type']> = {
	text: 'string',
	secret: 'string',
	number: 'number',
	integer: 'number',
	boolean: 'boolean',
	choice: 'options',
	list: 'array',
	object: 'object',
	json: 'string',
	// Not n8n's "url": it rejects data URIs and turns binary fields' names into addresses.
	file: 'string',
	fileList: 'string',
	either: 'string',
};

function fieldType(input: ModelInput): FormField['type'] {
	return isWide(input) ? 'string' : FIELD_TYPES[input.kind];
}

/** What to write beside the title for kinds whose field does not show it. */
const KIND_WORDS: Partial<Record<InputKind, string>> = {
	file: 'file',
	fileList: 'files',
	either: 'file or files',
	secret: 'secret',
	list: 'list',
	object: 'JSON',
	json: 'JSON',
};

function label(input: ModelInput): string {
	const notes = [
		// First: n8n cuts a label that is too long.
		input.required ? 'required' : undefined,
		KIND_WORDS[input.kind],
		shortRange(input),
		input.maxLength === undefined ? undefined : `≤ ${input.maxLength} characters`,
		input.deprecated ? 'deprecated' : undefined,
	].filter((note) => note !== undefined);
	return notes.length > 0 ? `${input.title} (${notes.join(', ')})` : input.title;
}

/** The range in a few signs: n8n cuts labels after some thirty. */
function shortRange({
	minimum,
	maximum,
	aboveMinimum,
	belowMaximum,
}: ModelInput): string | undefined {
	if (minimum !== undefined && maximum !== undefined && !aboveMinimum && !belowMaximum) {
		return minimum < 0 ? `${minimum} to ${maximum}` : `${minimum}–${maximum}`;
	}
	const parts = [
		minimum === undefined ? '' : `${aboveMinimum ? '>' : '≥'} ${minimum}`,
		maximum === undefined ? '' : `${belowMaximum ? '<' : '≤'} ${maximum}`,
	].filter((part) => part !== '');
	return parts.length > 0 ? parts.join(', ') : undefined;
}

function options({ choices = [] }: ModelInput): FormField['options'] {
	return choices.filter(isNoExpression).map((value) => ({
		name: String(value) === '' ? '(empty)' : String(value),
		value,
	}));
}

/** The schema's default as the field can hold it; one that it cannot hold is left to the model. */
function defaultValue(input: ModelInput): FormField['defaultValue'] {
	const { kind, choices, default: value } = input;
	if (value === undefined || value === '' || !isNoExpression(value)) return undefined;
	switch (fieldType(input)) {
		case 'options':
			if (typeof value === 'object') return undefined;
			return choices?.find((choice) => String(choice) === String(value));
		case 'boolean':
			return typeof value === 'boolean' ? value : undefined;
		case 'number':
			return typeof value === 'number' ? value : undefined;
		case 'array':
			return Array.isArray(value) ? JSON.stringify(value) : undefined;
		case 'object':
			return isObject(value) ? JSON.stringify(value) : undefined;
		default:
			if (kind === 'fileList' || kind === 'either')
				return typeof value === 'string' ? value : undefined;
			if (isWide(input) && typeof value === 'number') return BigInt(Math.round(value)).toString();
			return typeof value === 'string' ? value : JSON.stringify(value);
	}
}

function isObject(value: JsonValue): boolean {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
