import type { INodeProperties } from 'n8n-workflow';
import type { Item, ItemResult } from '../../../host/item';
import { fileId } from './fileId';

export const description: INodeProperties[] = [
	fileId.at({ resource: ['file'], operation: ['delete'] }),
];

/** Removes a stored file from Replicate. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const id = fileId.read(item);
	await item.client.delete(`/files/${encodeURIComponent(id)}`, {
		what: `the file "${id}"`,
		signal: item.signal,
	});
	return [{ json: { id, deleted: true } }];
}
