import type { INodeProperties } from 'n8n-workflow';
import type { Item, ItemResult } from '../../../host/item';
import { HARDWARE_SHAPE } from '../../../shared/api/shapes';
import { toJson } from '../../../shared/api/json';

export const description: INodeProperties[] = [];

/** Lists the machines that models and deployments can run on. */
export async function execute({ client, signal }: Item): Promise<ItemResult[]> {
	const hardware = await client.get('/hardware', { shape: HARDWARE_SHAPE, signal });
	return hardware.map((one) => ({ json: toJson(one) }));
}
