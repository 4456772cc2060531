import type { INodeProperties } from 'n8n-workflow';
import { cancelPrediction } from '../../../shared/predictions/cancel';
import { TRAINING } from '../../../shared/predictions/kind';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { trainingJson } from './get.operation';
import { readTrainingId, trainingIdField } from './trainingId';

export const description: INodeProperties[] = [trainingIdField('cancel')];

/** Cancels a training. One that had ended before stays as it is, and is given as it is. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const id = readTrainingId(run, itemIndex);
	return [{ json: trainingJson(await cancelPrediction(run.client, id, TRAINING), true) }];
}
