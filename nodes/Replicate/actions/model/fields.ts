import type { INodeProperties } from 'n8n-workflow';
import { ParameterError } from '../../../fields/parameterError';
import { parseModelReference } from '../../../shared/models/modelReference';
import { modelField } from '../modelField';
import type { NodeRun } from '../nodeRun';

/** The fields that name the model of an operation, and whether its result is short. */
export function modelFields(operation: string): INodeProperties[] {
	return [modelField({ resource: ['model'], operation: [operation] }, 'The model that is meant')];
}

/**
 * Reads which model is meant; a version beside it does not matter here.
 *
 * @returns `owner/name`
 * @throws InputError when none was chosen, or only a version id was given
 */
export function readModelName(run: NodeRun, itemIndex: number): string {
	const { owner, name } = parseModelReference(run.located('model', itemIndex));
	if (owner && name) return `${owner}/${name}`;
	throw new ParameterError(
		'A version ID alone does not tell which model it is of',
		'Write owner/name, or the address of the model’s page.',
	);
}
