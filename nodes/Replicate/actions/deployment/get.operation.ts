import type { INodeProperties } from 'n8n-workflow';
import { OBJECT_SHAPE } from '../../../shared/api/shape';
import { parseDeployment } from '../../../shared/models/models';
import { deploymentField } from '../deploymentField';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';

const show = { resource: ['deployment'], operation: ['get'] };

export const description: INodeProperties[] = [deploymentField(show, 'The deployment to read')];

/** Reads a deployment and its current release. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const name = parseDeployment(run.located('deployment', itemIndex));
	const deployment = await run.client.get(`/deployments/${name}`, {
		shape: OBJECT_SHAPE,
		what: `the deployment "${name}"`,
		signal: run.signal,
	});
	return [{ json: deployment }];
}
