import type { INodeProperties } from 'n8n-workflow';
import { ParameterError } from '../../../fields/parameterError';
import type { NodeRun } from '../nodeRun';

/** The field that names a prediction, for the given operations. */
export function predictionIdField(operation: string[]): INodeProperties {
	return {
		displayName: 'Prediction ID',
		name: 'predictionId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. gm3qorzdhgbfurvjtvhg6dckhu',
		description: 'The ID that a Run gave, or the last part of the address of the prediction’s page',
		displayOptions: { show: { resource: ['prediction'], operation } },
	};
}

/**
 * Reads a prediction's id, also out of the address of its page.
 *
 * @throws InputError when it is empty or cannot be an id
 */
export function readPredictionId(run: NodeRun, itemIndex: number): string {
	const text = run.text('predictionId', itemIndex).trim();
	const id = text.replace(/^https?:\/\/(?:www\.)?replicate\.com\/p\//, '');
	if (/^[\w-]+$/.test(id)) return id;
	throw new ParameterError(
		text === '' ? 'No prediction ID was given' : `"${text}" is not a prediction ID`,
		'Use the id of an earlier Run, for example {{ $json.id }}.',
	);
}
