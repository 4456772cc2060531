import type { INodeProperties } from 'n8n-workflow';
import { optionsProperty } from '../../../fields/collection';
import { trainingOptions, trainingTimeout, trainingWaitFor } from '../../../fields/training';
import { inputProperties } from '../../../fields/input';
import { simplify } from '../../../fields/output';
import { version } from '../../../fields/target';
import { concurrency } from '../../../fields/waiting';
import type { Item, ItemResult } from '../../../host/item';
import { finishRun } from '../../../jobs/finishRun';
import { runItem } from '../../../jobs/runItem';
import type { RunJobs } from '../../../jobs/runJobs';
import { destination, modelToTrain, readTraining } from '../../../jobs/input/target';

const show = { resource: ['training'], operation: ['create'] };

/** In the order of use, as those of Run a Model. */
const options = [
	trainingTimeout,
	trainingOptions.onTimeout,
	trainingOptions.fileRouting,
	trainingOptions.maxInlineKb,
	trainingOptions.dataUriMaxBytes,
	trainingOptions.deleteUploads,
	concurrency,
	version.with({ displayOptions: undefined }),
	trainingOptions.webhookUrl,
	trainingOptions.webhookEvents,
];

export const description: INodeProperties[] = [
	modelToTrain.at(show),
	destination.at(show),
	...inputProperties(show, 'getTrainingInputs'),
	trainingWaitFor.at(show),
	simplify.at(show),
	optionsProperty(options, show),
];

/** Trains a model on one item. Its weights stay at Replicate, as a new version of the destination. */
export async function execute(item: Item, jobs: RunJobs): Promise<ItemResult[]> {
	return await runItem(item, jobs, {
		timeout: trainingTimeout,
		findModel: readTraining,
		downloads: false,
	});
}

export const finish = finishRun;
