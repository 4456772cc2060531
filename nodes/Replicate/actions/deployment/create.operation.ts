import type { INodeProperties } from 'n8n-workflow';
import { ParameterError } from '../../../fields/parameterError';
import { OBJECT_SHAPE } from '../../../shared/api/shape';
import { modelField } from '../modelField';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import {
	given,
	hardwareField,
	maxInstancesField,
	minInstancesField,
	readInstances,
	readRelease,
	shownField,
} from './fields';

const show = { resource: ['deployment'], operation: ['create'] };

export const description: INodeProperties[] = [
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. product-photos',
		displayOptions: { show },
	},
	modelField(show, 'The model to deploy, with owner/name:version for a certain version'),
	shownField(hardwareField, show),
	shownField(minInstancesField, show),
	shownField(maxInstancesField, show),
];

/** Makes a deployment. Its machines cost money as long as they run. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const name = run.text('name', itemIndex).trim();
	const hardware = run.text('hardware', itemIndex);
	if (name === '' || hardware === '') {
		throw new ParameterError(
			name === '' ? 'The deployment needs a name' : 'The deployment needs hardware',
			'Hardware → Get Many lists the machines.',
		);
	}
	const body = given({
		name,
		...(await readRelease(run, itemIndex)),
		hardware,
		min_instances: readInstances(run, itemIndex, 'minInstances') ?? 0,
		max_instances: readInstances(run, itemIndex, 'maxInstances') ?? 1,
	});
	return [
		{
			json: await run.client.post('/deployments', body, {
				shape: OBJECT_SHAPE,
				signal: run.signal,
			}),
		},
	];
}
