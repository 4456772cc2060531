import type { INodeProperties } from 'n8n-workflow';
import type { Item, ItemResult } from '../../../host/item';
import { cancelById } from '../../../jobs/byId';
import { simplified } from '../../../shared/predictions/simplify';
import { PREDICTION } from '../../../shared/models/jobKind';
import { predictionId } from './predictionId';

export const description: INodeProperties[] = [
	predictionId.at({ resource: ['prediction'], operation: ['cancel'] }),
];

/** Cancels a prediction. One that had ended before stays as it is, and is returned as it is. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const prediction = await cancelById(item, PREDICTION, predictionId.read(item));
	return [{ json: simplified(prediction, { files: [], binary: {} }) }];
}
