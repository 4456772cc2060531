import { textOf } from '../shared/api/json';
import { Field } from './field';
import { ParameterError } from './parameterError';

/** What an ID is of, in words and for the panel. */
interface Identified {
	/** The parameter's name in workflows. */
	name: string;
	/** As the resource is called, such as "prediction". */
	noun: string;
	/** As the panel calls the operation that returns it. */
	returnedBy: string;
	/** The panel's method that lists recent ones. */
	listMethod: string;
	exampleId: string;
	exampleUrl: string;
	/** The ID in what was written, which may be an address. */
	idIn(text: string): string;
	/** What an ID is made of. */
	characters: RegExp;
}

/**
 * Which prediction, training or file: picked from the recent ones, by its ID, or by an address. A plain
 * text, as expressions, agents and older workflows give it, is either of the two.
 */
export function idField(of: Identified): Field<string> {
	const { noun, exampleId, exampleUrl } = of;
	const title = noun[0]!.toUpperCase() + noun.slice(1);
	return new Field(
		{
			displayName: `${title} ID`,
			name: of.name,
			type: 'resourceLocator',
			required: true,
			default: { mode: 'list', value: '' },
			description: `The ID returned by ${of.returnedBy}, or the address of the ${noun}`,
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					placeholder: `Choose a recent ${noun}`,
					typeOptions: { searchListMethod: of.listMethod, searchable: true },
				},
				{
					displayName: 'By ID',
					name: 'id',
					type: 'string',
					placeholder: `e.g. ${exampleId}`,
				},
				{
					displayName: 'By URL',
					name: 'url',
					type: 'string',
					placeholder: `e.g. ${exampleUrl}`,
				},
			],
		},
		(value) => {
			const text = textOf(value).trim();
			const id = of.idIn(text);
			if (of.characters.test(id)) return id;
			throw new ParameterError(
				text === '' ? `No ${noun} ID was given` : `"${text}" is not a ${noun} ID`,
				`Use the ID returned by ${of.returnedBy}, for example {{ $json.id }}.`,
			);
		},
		undefined,
		'',
	);
}
