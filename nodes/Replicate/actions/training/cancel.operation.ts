import type { INodeProperties } from 'n8n-workflow';
import type { Item, ItemResult } from '../../../host/item';
import { cancelById } from '../../../jobs/byId';
import { TRAINING } from '../../../shared/models/jobKind';
import { trainingId } from './trainingId';
import { trainingJson } from './trainingJson';

export const description: INodeProperties[] = [
	trainingId.at({ resource: ['training'], operation: ['cancel'] }),
];

/** Cancels a training. One that had ended before stays as it is, and is returned as it is. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const training = await cancelById(item, TRAINING, trainingId.read(item));
	return [{ json: trainingJson(training, true) }];
}
