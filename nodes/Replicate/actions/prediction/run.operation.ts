import type { INodeProperties } from 'n8n-workflow';
import { optionsProperty } from '../../../fields/collection';
import { dataUriMaxBytes, deleteUploads, fileRouting } from '../../../fields/files';
import { fallbackModels } from '../../../fields/fallback';
import { inputProperties } from '../../../fields/input';
import { outputOptions } from '../../../fields/output';
import { reuse } from '../../../fields/reuse';
import { maxPredictions, pricePerSecond } from '../../../fields/spending';
import { target, version } from '../../../fields/target';
import { concurrency, onTimeout, timeout, waitFor } from '../../../fields/waiting';
import { webhookEvents, webhookUrl } from '../../../fields/webhook';
import type { Item, ItemResult } from '../../../host/item';
import type { NodeRun } from '../../../host/nodeRun';
import type { Finish, RunEnd } from '../../../host/outcome';
import { finishRun } from '../../../jobs/ending';
import { outputProperties } from '../../../jobs/input/outputSettings';
import { executeJob } from '../../../jobs/executeJob';
import { showSpending } from '../../../jobs/ledger/spending';
import { deploymentToRun, modelToRun, readTarget } from '../../../jobs/input/target';

const show = { resource: ['prediction'], operation: ['run'] };

const options = [
	concurrency,
	dataUriMaxBytes,
	deleteUploads,
	fallbackModels,
	fileRouting,
	maxPredictions,
	onTimeout,
	...outputOptions,
	pricePerSecond,
	reuse,
	timeout,
	version,
	webhookEvents,
	webhookUrl,
];

export const description: INodeProperties[] = [
	target.at(show),
	modelToRun.at({ ...show, target: ['model'] }),
	deploymentToRun.at({ ...show, target: ['deployment'] }),
	...inputProperties(show, 'getModelInputs'),
	waitFor.at(show),
	...outputProperties(show, { ...show, waitFor: ['callback', 'result'] }),
	optionsProperty(options, show),
];

/** Runs a model on one item. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const model = await readTarget(item.run.models.before(item.deadline(timeout.read(item))), item);
	return await executeJob(item, model, { timeout, downloads: true });
}

/** Ends the run, and shows what its predictions used. */
export async function finish(run: NodeRun, end: RunEnd): Promise<Finish> {
	showSpending(run);
	return await finishRun(run, end);
}
