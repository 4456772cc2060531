import { Field } from '../../../fields/field';
import { ParameterError } from '../../../fields/parameterError';
import { textOf } from '../../../shared/api/json';

/** A stored file: its ID, also out of its address. */
export const fileId = new Field(
	{
		displayName: 'File ID',
		name: 'fileId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. cneqzikepnug6xezperrr4z55o',
		description: 'The ID returned by Upload a File, or the file’s API address',
	},
	(value) => {
		const text = textOf(value).trim();
		const id = text.replace(/^https?:\/\/\S*\/files\//, '');
		if (/^[\w=-]+$/.test(id)) return id;
		throw new ParameterError(
			text === '' ? 'No file ID was given' : `"${text}" is not a file ID`,
			'Use the ID returned by Upload a File, for example {{ $json.id }}.',
		);
	},
);
