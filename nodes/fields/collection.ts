import type { INodeProperties } from 'n8n-workflow';
import type { Field, Shown } from './field';

/** A collection of optional fields, such as "Options". */
export interface Collection {
	name: string;
	label: string;
	/** What its button says. */
	placeholder: string;
}

export const OPTIONS: Collection = {
	name: 'options',
	label: 'Options',
	placeholder: 'Add option',
};

/** The field as an option. */
export function option<T>(field: Field<T>): Field<T> {
	return field.within(OPTIONS.name, OPTIONS.label);
}

/** The collection as n8n shows it, with its members in the alphabet's order. */
export function collectionProperty(
	{ name, label, placeholder }: Collection,
	members: ReadonlyArray<Field<unknown>>,
	show?: Shown,
): INodeProperties {
	const properties = members.map(({ property }) => property);
	return {
		displayName: label,
		name,
		type: 'collection',
		placeholder,
		default: {},
		// By code: the first comparison by language takes several ms, while n8n starts.
		options: properties.sort((one, other) => (one.displayName < other.displayName ? -1 : 1)),
		...(show ? { displayOptions: { show } } : {}),
	};
}

/** "Options" with these members. */
export function optionsProperty(
	members: ReadonlyArray<Field<unknown>>,
	show?: Shown,
): INodeProperties {
	return collectionProperty(OPTIONS, members, show);
}
