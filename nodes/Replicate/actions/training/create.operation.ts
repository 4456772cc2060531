import type { INodeProperties } from 'n8n-workflow';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { inputFields } from '../prediction/input';
import { trainingOptions } from '../prediction/options';
import { executeOn } from '../prediction/run.operation';
import { waitForField } from '../prediction/waitForField';
import { simplifyField } from '../simplifyField';
import { readDestination, readTrained, targetFields } from './target';

const show = { resource: ['training'], operation: ['create'] };

export const description: INodeProperties[] = [
	...targetFields,
	...inputFields(show, 'getTrainingInputs'),
	waitForField(show),
	simplifyField(show),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: trainingOptions,
		displayOptions: { show },
	},
];

/** Trains a model on one item. Its weights stay at Replicate, as a new version of the destination. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const destination = readDestination(run.text('destination', itemIndex));
	const model = await readTrained(run.models, {
		parameter: (name) => run.text(name, itemIndex),
		located: (name) => run.located(name, itemIndex),
	});
	const training = { model: model.name!, destination };
	return await executeOn(run, itemIndex, { ...model, training });
}
