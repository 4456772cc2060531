import type { INodeProperties } from 'n8n-workflow';
import { deployment } from '../../../fields/deployment';
import type { Item, ItemResult } from '../../../host/item';
import { OBJECT_SHAPE } from '../../../shared/api/shape';
import { parseDeployment } from '../../../shared/models/modelReference';

const show = { resource: ['deployment'], operation: ['get'] };

export const description: INodeProperties[] = [
	deployment.with({ description: 'The deployment to read' }).at(show),
];

/** Reads a deployment and its current release. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const name = parseDeployment(deployment.read(item));
	const found = await item.client.get(`/deployments/${name}`, {
		shape: OBJECT_SHAPE,
		what: `the deployment "${name}"`,
		signal: item.signal,
	});
	return [{ json: found }];
}
