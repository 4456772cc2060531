import type { INodeProperties } from 'n8n-workflow';
import type { Item, ItemResult } from '../../../host/item';
import { OBJECT_SHAPE } from '../../../shared/api/shape';

export const description: INodeProperties[] = [];

/** Reads which account the token belongs to. */
export async function execute({ client, signal }: Item): Promise<ItemResult[]> {
	return [{ json: await client.get('/account', { shape: OBJECT_SHAPE, signal }) }];
}
