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

/**
 * An option that another has replaced. The panel shows it only where a workflow holds it, which is read
 * as before.
 */
export function retiredOption<T>(field: Field<T>, replacement: Field<unknown>): Field<T> {
	return option(
		field.with({
			// Beside it, not from the root: n8n resolves no collection there while it reads one.
			displayOptions: { show: { [field.property.name]: [{ _cnd: { exists: true } }] } },
			description: `Replaced by ${replacement.property.displayName}, which counts where both are set`,
		}),
	);
}

/** The collection as n8n shows it, with its members in their given order: what most builders look for comes first. */
export function collectionProperty(
	{ name, label, placeholder }: Collection,
	members: ReadonlyArray<Field<unknown>>,
	show?: Shown,
): INodeProperties {
	return {
		displayName: label,
		name,
		type: 'collection',
		placeholder,
		default: {},
		options: members.map(({ property }) => property),
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
