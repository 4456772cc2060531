import type { INodeProperties } from 'n8n-workflow';
import { optionsProperty } from '../../../fields/collection';
import { dataUriMaxBytes, deleteUploads, fileRouting, maxInlineKb } from '../../../fields/files';
import { fallbackModels } from '../../../fields/fallback';
import { inputProperties } from '../../../fields/input';
import { manualRuns } from '../../../fields/manualRuns';
import { outputOptions } from '../../../fields/output';
import { prices } from '../../../fields/prices';
import { reuse, maxPredictions, maxSpending } from '../../../fields/spending';
import { target, version } from '../../../fields/target';
import { concurrency, onTimeout, timeout, waitFor } from '../../../fields/waiting';
import { webhookEvents, webhookUrl } from '../../../fields/webhook';
import type { Item, ItemResult } from '../../../host/item';
import type { Finish, RunEnd } from '../../../host/outcome';
import { finishRun } from '../../../jobs/finishRun';
import { outputProperties } from '../../../jobs/input/outputSettings';
import { deploymentToRun, modelToRun, readTarget } from '../../../jobs/input/target';
import { usageText } from '../../../jobs/ledger/costs';
import { runItem } from '../../../jobs/runItem';
import type { RunJobs } from '../../../jobs/runJobs';

const show = { resource: ['prediction'], operation: ['run'] };

/** In the order of use: time, files in and out, money, models, then what few builders need. */
const options = [
	timeout,
	onTimeout,
	fileRouting,
	maxInlineKb,
	dataUriMaxBytes,
	deleteUploads,
	...outputOptions,
	manualRuns,
	maxPredictions,
	maxSpending,
	...prices.fields,
	reuse,
	concurrency,
	version,
	fallbackModels,
	webhookUrl,
	webhookEvents,
];

export const description: INodeProperties[] = [
	target.at(show),
	modelToRun.at({ ...show, target: ['model'] }),
	deploymentToRun.at({ ...show, target: ['deployment'] }),
	...inputProperties(show, 'getModelInputs', true),
	waitFor.at(show),
	...outputProperties(show, { ...show, waitFor: ['callback', 'result'] }),
	optionsProperty(options, show),
];

/** Runs a model on one item. */
export async function execute(item: Item, jobs: RunJobs): Promise<ItemResult[]> {
	return await runItem(item, jobs, {
		timeout,
		findModel: readTarget,
		downloads: true,
		hasExamples: true,
	});
}

/** Ends the run, and shows what its predictions used. */
export async function finish(jobs: RunJobs, end: RunEnd): Promise<Finish> {
	const finish = await finishRun(jobs, end);
	const used = jobs.isReadable ? usageText(jobs.ledger, jobs.pricesOf) : undefined;
	if (used !== undefined) jobs.run.inform(used);
	return finish;
}
