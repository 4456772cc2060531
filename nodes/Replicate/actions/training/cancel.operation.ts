import type { INodeProperties } from 'n8n-workflow';
import type { Item, ItemResult } from '../../../host/item';
import { Job } from '../../../jobs/job';
import type { RunJobs } from '../../../jobs/runJobs';
import { TRAINING } from '../../../shared/models/jobKind';
import { trainingJson, trainingId } from './training';

export const description: INodeProperties[] = [
	trainingId.at({ resource: ['training'], operation: ['cancel'] }),
];

/** Cancels a training. One that had ended before stays as it is, and is returned as it is. */
export async function execute(item: Item, jobs: RunJobs): Promise<ItemResult[]> {
	const training = await Job.cancel(jobs, TRAINING, trainingId.read(item));
	return [{ json: trainingJson(training, true) }];
}
