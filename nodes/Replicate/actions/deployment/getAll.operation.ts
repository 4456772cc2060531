import type { INodeProperties } from 'n8n-workflow';
import { limitFields, readLimit } from '../../../fields/limit';
import type { Item, ItemResult } from '../../../host/item';
import { OBJECT_SHAPE } from '../../../shared/api/shape';
import { readPages } from '../../../shared/api/pages';

export const description: INodeProperties[] = limitFields({
	resource: ['deployment'],
	operation: ['getAll'],
});

/** Lists the account's deployments. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const { client, signal } = item;
	const deployments = await readPages(client, '/deployments', OBJECT_SHAPE, readLimit(item), {
		signal,
	});
	return deployments.map((deployment) => ({ json: deployment }));
}
