import type { INodeProperties } from 'n8n-workflow';
import type { Item, ItemResult } from '../../../host/item';
import { modelProperty, readModelName } from './modelName';

export const description: INodeProperties[] = [modelProperty('delete')];

/** Removes a model of the account. Replicate removes private ones without versions only. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const name = readModelName(item);
	await item.client.delete(`/models/${name}`, {
		what: `the model "${name}"`,
		signal: item.signal,
	});
	return [{ json: { model: name, deleted: true } }];
}
