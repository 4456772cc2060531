import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { textOf } from '../shared/api/json';

/** Where a field is shown: the values of other parameters. */
export type Shown = NonNullable<INodeProperties['displayOptions']>['show'];

/** What gives the values of a node's parameters: one of its items, a webhook, or the panel. */
export interface ParameterSource {
	/**
	 * @param fallback the value of a parameter that is not set
	 * @param options  `extractValue`: what a resource locator points at
	 */
	parameter(name: string, fallback: unknown, options?: { extractValue?: boolean }): unknown;
}

/**
 * Makes the value that the code works with of what a parameter holds. An expression can give
 * anything, so it takes anything.
 *
 * @param label the field's place in the panel, for the error
 * @throws InputError for a value that the field does not take
 */
type ReadValue<T> = (value: unknown, label: string) => T;

/**
 * One field of the panel: how n8n shows it and how the code reads it, from one declaration.
 */
export class Field<T> {
	/** The field's place in the panel, such as "Options → Timeout (Seconds)". */
	readonly label: string;
	/** The parameter's name for n8n, such as `options.timeout`. */
	private readonly path: string;
	private readonly options?: { extractValue: true };

	/**
	 * @param property   as n8n shows it
	 * @param readValue  makes the code's value of the parameter's
	 * @param collection the collection that the field is a member of
	 * @param unset      the parameter's value where a collection does not hold it
	 */
	constructor(
		readonly property: INodeProperties,
		readonly readValue: ReadValue<T>,
		private readonly collection?: { name: string; label: string },
		private readonly unset: unknown = property.default,
	) {
		const { name, displayName, type } = property;
		this.path = collection ? `${collection.name}.${name}` : name;
		this.label = collection ? `${collection.label} → ${displayName}` : displayName;
		if (type === 'resourceLocator') this.options = { extractValue: true };
	}

	/** @throws InputError for a value that the field does not take */
	read(from: ParameterSource): T {
		return this.readValue(from.parameter(this.path, this.unset, this.options), this.label);
	}

	/** The field as n8n shows it where the other parameters have these values. */
	at(show: Shown): INodeProperties {
		return { ...this.property, displayOptions: { show } };
	}

	/**
	 * A choice as the panel names it, for texts that send the builder to it.
	 *
	 * @throws Error for a value that is no choice of the field
	 */
	nameOf(value: string): string {
		const choices = (this.property.options ?? []) as INodePropertyOptions[];
		const choice = choices.find((one) => one.value === value);
		if (!choice) throw new Error(`"${value}" is no choice of ${this.label}`);
		return choice.name;
	}

	/** The field with one of its choices, such as "Continue → Right Away". */
	chosen(value: string): string {
		return `${this.label} → ${this.nameOf(value)}`;
	}

	/** The same field as a member of a collection. */
	within(name: string, label: string): Field<T> {
		return new Field(this.property, this.readValue, { name, label }, this.unset);
	}

	/** The same field with other words or another default. */
	with(changes: Partial<INodeProperties>): Field<T> {
		const property = { ...this.property, ...changes };
		const unset = 'default' in changes ? changes.default : this.unset;
		return new Field(property, this.readValue, this.collection, unset);
	}
}

/** The field's place in the panel without its unit, as a sentence names it: "Options → Timeout". */
export function place({ label }: Field<unknown>): string {
	return label.replace(/ \([^()]*\)$/, '');
}

/** A property of n8n without its type, and with a default only where the field has none of its own. */
export type Described = Omit<INodeProperties, 'type' | 'default'> &
	Partial<Pick<INodeProperties, 'default'>>;

/** A field that holds text. */
export function textField(described: Described): Field<string> {
	return new Field({ default: '', ...described, type: 'string' }, (value) => textOf(value));
}

/** A switch. An expression's "false" is off, too, and an empty one leaves the default. */
export function switchField(described: Described & { default: boolean }): Field<boolean> {
	return new Field({ ...described, type: 'boolean' }, (value) => {
		const word = textOf(value).trim().toLowerCase();
		return word === '' ? described.default : !['false', '0', 'null'].includes(word);
	});
}

/** A field that is read as n8n gives it, for values with a shape of their own. */
export function valueField(property: INodeProperties): Field<unknown> {
	return new Field(property, (value) => value);
}

/** What a resource locator points at, whichever way it was chosen. */
export function locatorField(described: Omit<INodeProperties, 'type'>): Field<string> {
	const property: INodeProperties = { ...described, type: 'resourceLocator' };
	return new Field(property, (value) => textOf(value), undefined, '');
}

/** A choice from a list that the panel loads, or the ID that an expression gives. */
export function loadedField(described: Described & { method: string }): Field<string> {
	const { method, typeOptions, ...rest } = described;
	return new Field(
		{
			default: '',
			...rest,
			type: 'options',
			typeOptions: { loadOptionsMethod: method, ...typeOptions },
		},
		(value) => textOf(value),
	);
}
