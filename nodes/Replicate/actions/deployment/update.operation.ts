import type { INodeProperties } from 'n8n-workflow';
import { ParameterError } from '../../../fields/parameterError';
import { OBJECT_SHAPE } from '../../../shared/api/shape';
import { parseDeployment } from '../../../shared/models/models';
import { deploymentField } from '../deploymentField';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import {
	given,
	hardwareField,
	maxInstancesField,
	minInstancesField,
	readInstances,
} from './fields';

const show = { resource: ['deployment'], operation: ['update'] };

export const description: INodeProperties[] = [
	deploymentField(show, 'The deployment to change'),
	{
		displayName: 'Changes',
		name: 'changes',
		type: 'collection',
		placeholder: 'Add change',
		default: {},
		options: [
			hardwareField,
			maxInstancesField,
			minInstancesField,
			{
				displayName: 'Version',
				name: 'version',
				type: 'string',
				default: '',
				description: 'The ID of the model version to run from now on',
			},
		],
		displayOptions: { show },
	},
];

/** Changes a deployment, which makes a new release of it. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const name = parseDeployment(run.located('deployment', itemIndex));
	const body = given({
		hardware: run.text('changes.hardware', itemIndex),
		version: run.text('changes.version', itemIndex),
		min_instances: readInstances(run, itemIndex, 'changes.minInstances'),
		max_instances: readInstances(run, itemIndex, 'changes.maxInstances'),
	});
	if (Object.keys(body).length === 0) {
		throw new ParameterError('No change was given', 'Add one under Changes.');
	}
	const changed = await run.client.patch(`/deployments/${name}`, body, {
		shape: OBJECT_SHAPE,
		what: `the deployment "${name}"`,
		signal: run.signal,
	});
	return [{ json: changed }];
}
