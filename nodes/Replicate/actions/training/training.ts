import { toJson, type JsonObject, textOf } from '../../../shared/api/json';
import type { Prediction } from '../../../shared/api/shapes';
import { simplified } from '../../../shared/predictions/simplify';
import { Field } from '../../../fields/field';
import { ParameterError } from '../../../fields/parameterError';
import { idInAddress } from '../../../shared/models/replicatePage';

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
		const text = textOf(value).trim();
		const id = idInAddress(text, 'trainings');
		if (/^[\w-]+$/.test(id)) return id;
		throw new ParameterError(
			text === '' ? 'No training ID was given' : `"${text}" is not a training ID`,
			'Use the ID returned by Create a Training, for example {{ $json.id }}.',
		);
	},
);

/** A training's JSON, short or whole. Its weights stay an address. */
export function trainingJson(training: Prediction, isSimple: boolean): JsonObject {
	return isSimple ? simplified(training, { files: [], binary: {} }) : toJson(training);
}
