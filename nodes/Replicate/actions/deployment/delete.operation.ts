import type { INodeProperties } from 'n8n-workflow';
import { parseDeployment } from '../../../shared/models/models';
import { deploymentField } from '../deploymentField';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';

const show = { resource: ['deployment'], operation: ['delete'] };

export const description: INodeProperties[] = [deploymentField(show, 'The deployment to remove')];

/** Removes a deployment. Replicate wants it to be offline and unused for 15 minutes. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const name = parseDeployment(run.located('deployment', itemIndex));
	await run.client.delete(`/deployments/${name}`, {
		what: `the deployment "${name}"`,
		signal: run.signal,
	});
	return [{ json: { deployment: name, deleted: true } }];
}
