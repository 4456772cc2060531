import { Field } from '../../../fields/field';
import { ParameterError } from '../../../fields/parameterError';
import { textOf } from '../../../shared/api/json';

/** A training: its ID. */
export const trainingId = new Field(
	{
		displayName: 'Training ID',
		name: 'trainingId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. zz4ibbonubfz7carwiefibzgga',
		description: 'The ID returned by Create a Training',
	},
	(value) => {
		const id = textOf(value).trim();
		if (/^[\w-]+$/.test(id)) return id;
		throw new ParameterError(
			id === '' ? 'No training ID was given' : `"${id}" is not a training ID`,
			'Use the ID returned by Create a Training, for example {{ $json.id }}.',
		);
	},
);
