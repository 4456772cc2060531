import type { INodeProperties } from 'n8n-workflow';
import { deployment } from '../../../fields/deployment';
import type { Item, ItemResult } from '../../../host/item';
import { parseDeployment } from '../../../shared/models/modelReference';

const show = { resource: ['deployment'], operation: ['delete'] };

export const description: INodeProperties[] = [
	deployment.with({ description: 'The deployment to remove' }).at(show),
];

/** Removes a deployment. Replicate wants it to be offline and unused for 15 minutes. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const name = parseDeployment(deployment.read(item));
	await item.client.delete(`/deployments/${name}`, {
		what: `the deployment "${name}"`,
		signal: item.signal,
	});
	return [{ json: { deployment: name, deleted: true } }];
}
