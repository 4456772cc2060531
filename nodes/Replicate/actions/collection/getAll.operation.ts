import type { INodeProperties } from 'n8n-workflow';
import { limitFields, readLimit } from '../../../fields/limit';
import type { Item, ItemResult } from '../../../host/item';
import { COLLECTION_SHAPE } from '../../../shared/api/shapes';
import { toJson } from '../../../shared/api/json';
import { readPages } from '../../../shared/api/pages';

export const description: INodeProperties[] = limitFields({
	resource: ['collection'],
	operation: ['getAll'],
});

/** Lists Replicate's collections, without their models. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const { client, signal } = item;
	const limit = readLimit(item);
	const collections = await readPages(client, '/collections', COLLECTION_SHAPE, limit, { signal });
	return collections.map((collection) => ({ json: toJson(collection) }));
}
