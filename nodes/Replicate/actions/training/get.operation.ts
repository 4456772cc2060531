import type { INodeProperties } from 'n8n-workflow';
import { optionsProperty } from '../../../fields/collection';
import { simplify } from '../../../fields/simplify';
import { concurrency, trainingTimeout, waitUntilFinished } from '../../../fields/waiting';
import type { Item, ItemResult } from '../../../host/item';
import { endOf, readById } from '../../../jobs/byId';
import { TRAINING } from '../../../shared/models/jobKind';
import { trainingId } from './trainingId';
import { trainingJson } from './trainingJson';

const show = { resource: ['training'], operation: ['get'] };

export const description: INodeProperties[] = [
	trainingId.at(show),
	waitUntilFinished
		.with({
			description:
				'Whether to wait until the training has ended. If it ends without a result, the item fails.',
		})
		.at(show),
	simplify.at(show),
	optionsProperty([concurrency, trainingTimeout], { ...show, waitUntilFinished: [true] }),
];

/** Reads a training, when wanted after its end. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const found = await readById(item, TRAINING, trainingId.read(item));
	const training = waitUntilFinished.read(item)
		? await endOf(item, TRAINING, found, trainingTimeout.read(item))
		: found;
	return [{ json: trainingJson(training, simplify.read(item)) }];
}
