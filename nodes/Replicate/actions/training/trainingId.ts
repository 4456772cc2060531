import type { INodeProperties } from 'n8n-workflow';
import { ParameterError } from '../../../fields/parameterError';
import type { NodeRun } from '../nodeRun';

/** The field that names a training. */
export function trainingIdField(operation: string): INodeProperties {
	return {
		displayName: 'Training ID',
		name: 'trainingId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. zz4ibbonubfz7carwiefibzgga',
		description: 'The ID that the creation gave',
		displayOptions: { show: { resource: ['training'], operation: [operation] } },
	};
}

/** @throws InputError when it is empty or cannot be an id */
export function readTrainingId(run: NodeRun, itemIndex: number): string {
	const id = run.text('trainingId', itemIndex).trim();
	if (/^[\w-]+$/.test(id)) return id;
	throw new ParameterError(
		id === '' ? 'No training ID was given' : `"${id}" is not a training ID`,
		'Use the id of an earlier Create, for example {{ $json.id }}.',
	);
}
