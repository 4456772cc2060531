import type { INodeProperties } from 'n8n-workflow';
import type { Item, ItemResult } from '../../../host/item';
import { OBJECT_SHAPE } from '../../../shared/api/shape';
import { ParameterError } from '../../../fields/parameterError';
import { modelProperty, readModelName } from './modelName';
import { pageProperty, readPage } from './page';

const show = { resource: ['model'], operation: ['update'] };

export const description: INodeProperties[] = [
	modelProperty('update'),
	pageProperty(show, [
		'description',
		'githubUrl',
		'paperUrl',
		'licenseUrl',
		'readme',
		'weightsUrl',
	]),
];

/** Changes what the page of a model of the account shows. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const name = readModelName(item);
	const body = readPage(item);
	if (Object.keys(body).length === 0) {
		throw new ParameterError('No change was given', 'Add one under Page.');
	}
	const changed = await item.client.patch(`/models/${name}`, body, {
		shape: OBJECT_SHAPE,
		what: `the model "${name}"`,
		signal: item.signal,
	});
	return [{ json: changed }];
}
