import type { INodeProperties } from 'n8n-workflow';
import { optionsProperty } from '../../../fields/collection';
import { simplify } from '../../../fields/output';
import { trainingTimeout, trainingWaitUntilFinished } from '../../../fields/training';
import { concurrency, waitUntilFinished } from '../../../fields/waiting';
import type { Item, ItemResult } from '../../../host/item';
import { Job } from '../../../jobs/job';
import { watching, type RunJobs } from '../../../jobs/runJobs';
import { TRAINING } from '../../../shared/models/jobKind';
import { trainingJson, trainingId } from './training';

const show = { resource: ['training'], operation: ['get'] };

export const description: INodeProperties[] = [
	trainingId.at(show),
	trainingWaitUntilFinished.at(show),
	simplify.at(show),
	optionsProperty([trainingTimeout, concurrency], { ...show, waitUntilFinished: [true] }),
];

/** Reads a training, when wanted after its end. */
export async function execute(item: Item, jobs: RunJobs): Promise<ItemResult[]> {
	const terms = watching(item, trainingTimeout.read(item));
	const { signal } = item;
	const job = await Job.read(jobs, TRAINING, trainingId.read(item), terms, { signal });
	if (waitUntilFinished.read(item)) {
		await job.wait();
		job.assertSucceeded();
	}
	return [{ json: trainingJson(job.prediction, simplify.read(item)) }];
}
