import type { INodeProperties } from 'n8n-workflow';
import { collectionProperty, type Collection } from '../../../fields/collection';
import { hardware, deployment } from '../../../fields/deployment';
import { textField, type Field } from '../../../fields/field';
import type { Item, ItemResult } from '../../../host/item';
import { OBJECT_SHAPE } from '../../../shared/api/shape';
import { ParameterError } from '../../../fields/parameterError';
import { parseDeployment } from '../../../shared/models/modelReference';
import { maxInstances, minInstances } from './instances';

const show = { resource: ['deployment'], operation: ['update'] };
const CHANGES: Collection = { name: 'changes', label: 'Changes', placeholder: 'Add change' };

const version = textField({
	displayName: 'Version',
	name: 'version',
	description: 'The ID of the model version to run from now on',
});

/** What can be changed, by the names of the API. */
const changes: Record<string, Field<string | number | undefined>> = {
	hardware: hardware.within(CHANGES.name, CHANGES.label),
	max_instances: maxInstances.within(CHANGES.name, CHANGES.label),
	min_instances: minInstances.within(CHANGES.name, CHANGES.label),
	version: version.within(CHANGES.name, CHANGES.label),
};

export const description: INodeProperties[] = [
	deployment.with({ description: 'The deployment to change' }).at(show),
	collectionProperty(CHANGES, Object.values(changes), show),
];

/** Changes a deployment, which makes a new release of it. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const name = parseDeployment(deployment.read(item));
	const given = Object.entries(changes)
		.map(([key, field]) => [key, field.read(item)] as const)
		.filter(([, value]) => value !== undefined && value !== '');
	if (given.length === 0) throw new ParameterError('No change was given', 'Add one under Changes.');
	const changed = await item.client.patch(`/deployments/${name}`, Object.fromEntries(given), {
		shape: OBJECT_SHAPE,
		what: `the deployment "${name}"`,
		signal: item.signal,
	});
	return [{ json: changed }];
}
