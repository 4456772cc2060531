import type { INodeProperties } from 'n8n-workflow';
import { cancelPrediction } from '../../../shared/predictions/cancel';
import { simplified } from '../../../shared/predictions/simplify';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { predictionIdField, readPredictionId } from './predictionId';

export const description: INodeProperties[] = [predictionIdField(['cancel'])];

/** Cancels a prediction. One that had ended before stays as it is, and is given as it is. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const id = readPredictionId(run, itemIndex);
	const prediction = await cancelPrediction(run.client, id);
	return [{ json: simplified(prediction, { files: [], binary: {} }) }];
}
