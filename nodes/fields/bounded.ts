import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { ParameterError } from './parameterError';
import { shown, textOf } from '../shared/api/json';
import { Field, type Described } from './field';

/** The least and the most that a number field takes, in the panel and from expressions alike. */
export interface Bounds {
	min: number;
	max: number;
}

/**
 * A number within bounds.
 *
 * @throws InputError on reading anything else
 */
export function numberField(
	described: Described & { default: number },
	{ min, max }: Bounds,
): Field<number> {
	return new Field(numberProperty(described, { min, max }), (value, label) => {
		const number = numberOf(value);
		if (number !== undefined && number >= min && number <= max) return number;
		throw new ParameterError(
			`${label} must be a number ${rangeWords(min, max)}, and is ${shown(value)}`,
		);
	});
}

/**
 * A whole number within bounds; `undefined` where the field is empty.
 *
 * @throws InputError on reading anything else
 */
export function wholeNumberField(
	described: Described & { default: number },
	{ min, max }: Bounds,
): Field<number | undefined> {
	return new Field(
		numberProperty(described, { min, max }),
		(value, label) => {
			if (textOf(value).trim() === '') return undefined;
			const number = numberOf(value);
			if (Number.isInteger(number) && number! >= min && number! <= max) return number;
			throw new ParameterError(
				`${label} must be a whole number ${rangeWords(min, max)}, and is ${shown(value)}`,
			);
		},
		undefined,
		'',
	);
}

/**
 * A number within bounds, whole or not; `undefined` where the field is empty.
 *
 * @throws InputError on reading anything else
 */
export function optionalNumberField(
	described: Described & { default: number },
	{ min, max }: Bounds,
): Field<number | undefined> {
	const { property, readValue } = numberField(described, { min, max });
	const typeOptions = { ...property.typeOptions, numberPrecision: 2 };
	return new Field(
		{ ...property, typeOptions },
		(value, label) => (textOf(value).trim() === '' ? undefined : readValue(value, label)),
		undefined,
		'',
	);
}

/** A number that is brought within its bounds; what is not a number counts as the default. */
export function clampedField(
	described: Described & { default: number },
	{ min, max }: Bounds,
): Field<number> {
	return new Field(numberProperty(described, { min, max }), (value) => {
		const number = Math.floor(Number(textOf(value))) || described.default;
		return Math.min(Math.max(number, min), max);
	});
}

function numberProperty(
	described: Described & { default: number },
	{ min, max }: Bounds,
): INodeProperties {
	const maximum = Number.isFinite(max) ? { maxValue: max } : {};
	return { ...described, type: 'number', typeOptions: { minValue: min, ...maximum } };
}

function rangeWords(min: number, max: number): string {
	return Number.isFinite(max) ? `from ${min} to ${max}` : `of ${min} or more`;
}

function numberOf(value: unknown): number | undefined {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return typeof number === 'number' && !Number.isNaN(number) ? number : undefined;
}

/** How the panel shows a choice; `action` also puts it into n8n's list of triggers. */
type ChoiceWords = string | { name: string; description: string; action?: string };

/** The choices of a field by value: their names, or more words. */
type Choices<T extends string> = Record<T, ChoiceWords>;

/**
 * One of a list of choices.
 *
 * @throws InputError on reading anything else
 */
export function choiceField<T extends string>(
	described: Omit<Described, 'default'> & { default: NoInfer<T> },
	choices: Choices<T>,
): Field<T> {
	const values = Object.keys(choices) as T[];
	const first = [described.default, ...values.filter((value) => value !== described.default)];
	return new Field(
		{ ...described, type: 'options', options: optionsOf(choices) },
		(value, label) => {
			const text = textOf(value);
			const chosen = text === '' ? described.default : values.find((choice) => choice === text);
			if (chosen !== undefined) return chosen;
			throw new ParameterError(
				`${label} must be one of ${first.join(', ')}, and is ${shown(text)}`,
			);
		},
	);
}

/**
 * Any number of a list of choices. A single one, as an expression may give it, is a list of one.
 *
 * @throws InputError on reading anything that is not among them
 */
export function choicesField<T extends string>(
	described: Omit<Described, 'default'> & { default: NoInfer<T>[] },
	choices: Choices<T>,
): Field<T[]> {
	const values = Object.keys(choices) as T[];
	const property: INodeProperties = {
		...described,
		type: 'multiOptions',
		options: optionsOf(choices),
	};
	return new Field(property, (value, label) => {
		const given = (Array.isArray(value) ? (value as unknown[]) : [value])
			.map((one) => textOf(one))
			.filter((one) => one !== '');
		const isKnown = (one: string): one is T => values.includes(one as T);
		if (given.every(isKnown)) return given;
		throw new ParameterError(
			`${label} must be a list of ${values.join(', ')}, and is ${shown(value)}`,
		);
	});
}

function optionsOf<T extends string>(choices: Choices<T>): INodePropertyOptions[] {
	const entries = Object.entries<ChoiceWords>(choices);
	return entries.map(([value, words]) =>
		typeof words === 'string' ? { name: words, value } : { ...words, value },
	);
}
