import type { INodeProperties } from 'n8n-workflow';
import { optionsProperty } from '../../../fields/collection';
import { outputOptions } from '../../../fields/output';
import { concurrency, timeout, waitUntilFinished } from '../../../fields/waiting';
import type { Item, ItemResult } from '../../../host/item';
import { Job } from '../../../jobs/job';
import { watching, type RunJobs } from '../../../jobs/runJobs';
import { collectItems } from '../../../jobs/output/collectItems';
import { outputProperties, readOutputSettings } from '../../../jobs/input/outputSettings';
import { PREDICTION } from '../../../shared/models/jobKind';
import { assertNotRemoved } from '../../../shared/predictions/status';
import { predictionId } from './predictionId';

const show = { resource: ['prediction'], operation: ['get'] };

export const description: INodeProperties[] = [
	predictionId.at(show),
	waitUntilFinished.at(show),
	...outputProperties(show),
	optionsProperty([timeout, ...outputOptions, concurrency], show),
];

/** Reads a prediction, when wanted after its end, and fetches its output files. */
export async function execute(item: Item, jobs: RunJobs): Promise<ItemResult[]> {
	const id = predictionId.read(item);
	const timeoutSeconds = timeout.read(item);
	const output = { ...readOutputSettings(item), timeoutSeconds };
	const terms = watching(item, timeoutSeconds);
	const { deadline, signal } = terms;
	const job = await Job.read(jobs, PREDICTION, id, terms, { signal, until: deadline });
	if (waitUntilFinished.read(item)) {
		await job.wait();
		job.assertSucceeded();
	}
	const { prediction } = job;
	assertNotRemoved(prediction);
	const { host, models } = item.run;
	const schema = await models.before(deadline).readSchema(prediction);
	return await collectItems(host, prediction, output, { schema, deadline, signal });
}
