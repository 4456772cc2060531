import { Field } from '../../../fields/field';
import { ParameterError } from '../../../fields/parameterError';
import { textOf } from '../../../shared/api/json';
import { idInAddress } from '../../../shared/models/replicatePage';

/** A prediction: its ID, also out of the address of its page. */
export const predictionId = new Field(
	{
		displayName: 'Prediction ID',
		name: 'predictionId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. gm3qorzdhgbfurvjtvhg6dckhu',
		description: 'The ID returned by Run a Model, or the address of the prediction’s page',
	},
	(value) => {
		const text = textOf(value).trim();
		const id = idInAddress(text, 'predictions');
		if (/^[\w-]+$/.test(id)) return id;
		throw new ParameterError(
			text === '' ? 'No prediction ID was given' : `"${text}" is not a prediction ID`,
			'Use the ID returned by Run a Model, for example {{ $json.id }}.',
		);
	},
);
