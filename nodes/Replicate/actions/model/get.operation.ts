import type { INodeProperties } from 'n8n-workflow';
import { simplify } from '../../../fields/output';
import type { Item, ItemResult } from '../../../host/item';
import { MODEL_SHAPE } from '../../../shared/api/shapes';
import { toJson } from '../../../shared/api/json';
import { modelDetails } from '../../../shared/models/describe';
import { modelProperty, readModelName } from './modelName';

export const description: INodeProperties[] = [
	modelProperty('get'),
	simplify.at({ resource: ['model'], operation: ['get'] }),
];

/** Reads a model with its inputs: their names, types, limits, choices and descriptions. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const name = readModelName(item);
	const found = await item.client.get(`/models/${name}`, {
		shape: MODEL_SHAPE,
		what: `the model "${name}"`,
		signal: item.signal,
	});
	return [{ json: simplify.read(item) ? modelDetails(found) : toJson(found) }];
}
