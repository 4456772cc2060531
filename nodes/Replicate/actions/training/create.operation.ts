import type { INodeProperties } from 'n8n-workflow';
import { optionsProperty } from '../../../fields/collection';
import { dataUriMaxBytes, deleteUploads, fileRouting } from '../../../fields/files';
import { inputProperties } from '../../../fields/input';
import { simplify } from '../../../fields/output';
import { version } from '../../../fields/target';
import { concurrency, onTimeout, trainingTimeout, waitFor } from '../../../fields/waiting';
import { webhookEvents, webhookUrl } from '../../../fields/webhook';
import type { Item, ItemResult } from '../../../host/item';
import { finishRun } from '../../../jobs/finishRun';
import { runItem } from '../../../jobs/runItem';
import type { RunJobs } from '../../../jobs/runJobs';
import {
	destination,
	modelToTrain,
	readDestination,
	readTrained,
} from '../../../jobs/input/target';

const show = { resource: ['training'], operation: ['create'] };

const options = [
	concurrency,
	dataUriMaxBytes,
	deleteUploads,
	fileRouting,
	onTimeout,
	trainingTimeout,
	version.with({ displayOptions: undefined }),
	webhookEvents,
	webhookUrl,
];

export const description: INodeProperties[] = [
	modelToTrain.at(show),
	destination.at(show),
	...inputProperties(show, 'getTrainingInputs'),
	waitFor.at(show),
	simplify.at(show),
	optionsProperty(options, show),
];

/** Trains a model on one item. Its weights stay at Replicate, as a new version of the destination. */
export async function execute(item: Item, jobs: RunJobs): Promise<ItemResult[]> {
	const target = readDestination(item);
	const until = item.deadline(trainingTimeout.read(item));
	const model = await readTrained(item.run.models.before(until), item);
	const form = { timeout: trainingTimeout, downloads: false };
	return await runItem(item, jobs, { ...model, destination: target }, form);
}

export const finish = finishRun;
