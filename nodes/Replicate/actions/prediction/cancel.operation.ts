import type { INodeProperties } from 'n8n-workflow';
import type { Item, ItemResult } from '../../../host/item';
import { Job } from '../../../jobs/job';
import type { RunJobs } from '../../../jobs/runJobs';
import { simplified } from '../../../shared/predictions/simplify';
import { PREDICTION } from '../../../shared/models/jobKind';
import { predictionId } from './predictionId';

export const description: INodeProperties[] = [
	predictionId.at({ resource: ['prediction'], operation: ['cancel'] }),
];

/** Cancels a prediction. One that had ended before stays as it is, and is returned as it is. */
export async function execute(item: Item, jobs: RunJobs): Promise<ItemResult[]> {
	const prediction = await Job.cancel(jobs, PREDICTION, predictionId.read(item));
	return [{ json: simplified(prediction, { files: [], binary: {} }) }];
}
