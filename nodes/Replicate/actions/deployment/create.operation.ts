import type { INodeProperties } from 'n8n-workflow';
import { textField } from '../../../fields/field';
import { hardware } from '../../../fields/deployment';
import { model } from '../../../fields/model';
import type { Item, ItemResult } from '../../../host/item';
import { OBJECT_SHAPE } from '../../../shared/api/shape';
import { ParameterError } from '../../../fields/parameterError';
import { maxInstances, minInstances } from './instances';
import { readRelease } from './release';

const show = { resource: ['deployment'], operation: ['create'] };

const deploymentName = textField({
	displayName: 'Name',
	name: 'name',
	required: true,
	placeholder: 'e.g. product-photos',
});

export const description: INodeProperties[] = [
	deploymentName.at(show),
	model
		.with({ description: 'The model to deploy, with owner/name:version for a specific version' })
		.at(show),
	...[hardware, minInstances, maxInstances].map((field) => field.with({ required: true }).at(show)),
];

/** Makes a deployment. Its machines cost money as long as they run. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const name = deploymentName.read(item).trim();
	const machine = hardware.read(item);
	if (name === '' || machine === '') {
		throw new ParameterError(
			name === '' ? 'The deployment needs a name' : 'The deployment needs hardware',
			'Hardware → Get Many lists the machines.',
		);
	}
	const body = {
		name,
		...(await readRelease(item)),
		hardware: machine,
		min_instances: minInstances.read(item) ?? 0,
		max_instances: maxInstances.read(item) ?? 1,
	};
	return [
		{
			json: await item.client.post('/deployments', body, {
				shape: OBJECT_SHAPE,
				signal: item.signal,
			}),
		},
	];
}
