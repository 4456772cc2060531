import type { INodeProperties } from 'n8n-workflow';
import type { Item, ItemResult } from '../../../host/item';
import { OBJECT_SHAPE } from '../../../shared/api/shape';
import { fileId } from './fileId';

export const description: INodeProperties[] = [
	fileId.at({ resource: ['file'], operation: ['get'] }),
];

/** Reads what Replicate knows of a stored file. Its bytes are for models only. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const id = fileId.read(item);
	const file = await item.client.get(`/files/${encodeURIComponent(id)}`, {
		shape: OBJECT_SHAPE,
		what: `the file "${id}"`,
		signal: item.signal,
	});
	return [{ json: file }];
}
