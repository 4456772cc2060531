import type { INodeProperties } from 'n8n-workflow';
import { limitFields, readLimit } from '../../../fields/limit';
import type { Item, ItemResult } from '../../../host/item';
import { OBJECT_SHAPE } from '../../../shared/api/shape';
import { readPages } from '../../../shared/api/pages';

export const description: INodeProperties[] = limitFields({
	resource: ['file'],
	operation: ['getAll'],
});

/** Lists the account's stored files, newest first. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const { client, signal } = item;
	const files = await readPages(client, '/files', OBJECT_SHAPE, readLimit(item), { signal });
	return files.map((file) => ({ json: file }));
}
