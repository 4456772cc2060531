import type { INodeProperties } from 'n8n-workflow';
import { model } from '../../../fields/model';
import type { Item } from '../../../host/item';
import { ParameterError } from '../../../fields/parameterError';
import { parseModelReference } from '../../../shared/models/modelReference';

/** The field that names the model of an operation. */
export function modelProperty(operation: string): INodeProperties {
	return model
		.with({ description: 'The model to use' })
		.at({ resource: ['model'], operation: [operation] });
}

/**
 * Reads which model to use; a version beside it does not matter here.
 *
 * @returns `owner/name`
 * @throws InputError when none was chosen, or only a version id was given
 */
export function readModelName(item: Item): string {
	const { owner, name } = parseModelReference(model.read(item));
	if (owner && name) return `${owner}/${name}`;
	throw new ParameterError(
		'A version ID alone does not say which model it belongs to',
		'Write owner/name, or the address of the model’s page.',
	);
}
