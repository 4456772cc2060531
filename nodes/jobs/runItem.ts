import type { Item, ItemResult } from '../host/item';
import type { RunnableModel } from '../shared/models/models';
import { readAssignments, readInput } from './input/input';
import { planOf, type Plan } from './input/plan';
import { readSettings, type JobForm, type Settings } from './input/settings';
import type { Job } from './job';
import { fallbackPlans, firstInService } from './ledger/fallback';
import { collectItems } from './output/collectItems';
import { isPreviewed, previewText } from './output/preview';
import type { RunJobs } from './runJobs';

/**
 * The way of an item whose job is billed:
 * read settings and input → find files → create → wait → collect outputs → items.
 * What an earlier try of the same run has created is taken up instead of created again.
 *
 * @throws ReplicateError that says what is wrong, and what was created
 */
export async function runItem(
	item: Item,
	jobs: RunJobs,
	model: RunnableModel,
	form: JobForm,
): Promise<ItemResult[]> {
	const settings = readSettings(item, form);
	if (hasPublicLinks(settings)) await item.run.host.publicLinks.assertPossible();
	const given = readInput(item, model.inputs);
	const first = await planOf(item, model, settings, given, readAssignments(item));
	const plans = [first, ...(await fallbackPlans(item, settings))];
	const run = async (plan: Plan) => await runPlan(item, jobs, plan);
	return await firstInService(item, jobs.ledger, plans, run);
}

/** Whether the item's output files get public links, now or when Replicate calls back. */
function hasPublicLinks({ waitFor, output }: Settings): boolean {
	return waitFor !== 'nothing' && output.downloadFiles && output.publicLinkHours !== undefined;
}

async function runPlan(item: Item, jobs: RunJobs, plan: Plan): Promise<ItemResult[]> {
	const { warnings } = plan;
	const job = await runJob(item, jobs, plan);
	item.warn(warnings);
	const items = await collectJob(item, plan, job);
	if (warnings.length === 0) return items;
	return items.map((one) => ({ ...one, json: { ...one.json, warnings } }));
}

/** Takes up what an earlier try has created, or creates it; and waits for its end if wanted. */
async function runJob(item: Item, jobs: RunJobs, plan: Plan): Promise<Job> {
	const resumed = await jobs.resume(item, plan);
	if (resumed) await waitIfWanted(item, jobs, plan, resumed);
	if (resumed && !wasCancelledBefore(resumed)) return resumed;
	const job = await jobs.create(item, plan);
	// A result of an earlier run has no record here, and has ended.
	if (job.record) await waitIfWanted(item, jobs, plan, job);
	return job;
}

/** Whether it has ended because of a cancel of an earlier try, which nobody had confirmed then. */
function wasCancelledBefore({ earlier, prediction }: Job): boolean {
	return earlier?.outcome === 'cancelUnconfirmed' && prediction.status === 'canceled';
}

/** Waits for the end of an item's job here, or leaves that to the callback. */
async function waitIfWanted(
	item: Item,
	jobs: RunJobs,
	{ model: { schema }, settings }: Plan,
	job: Job,
): Promise<void> {
	const { waitFor, onTimeout, output, deleteUploads, timeoutSeconds } = settings;
	if (waitFor === 'callback') {
		jobs.awaited.set(item.index, { timeoutSeconds, onTimeout, output, deleteUploads });
		await jobs.early.afterCreate();
	}
	// Replicate calls the execution that created it.
	const callsElsewhere = job.earlier && job.earlier.execution !== jobs.ledger.execution;
	if (waitFor !== 'result' && !(waitFor === 'callback' && callsElsewhere)) return;
	if (isPreviewed(item, schema)) {
		await previewText(item, schema, async (onText) => await job.stream(onText));
	} else {
		await job.wait();
	}
}

/** Fetches the job's result, where it is wanted, and makes the item's items of it. */
async function collectJob(
	{ run: { host }, signal }: Item,
	{ model: { schema }, settings: { waitFor, output } }: Plan,
	job: Job,
): Promise<ItemResult[]> {
	if (waitFor === 'result') {
		const limits = { signal, deadline: job.deadline };
		const items = await collectItems(host, job.assertSucceeded(), output, schema, limits);
		job.record?.became('collected');
		if (job.record) return items;
		return items.map((one) => ({ ...one, json: { ...one.json, reused: true } }));
	}
	if (waitFor === 'nothing') job.record?.became('handedOver');
	const unfinished = { ...output, downloadFiles: false, outputItems: 'perPrediction' } as const;
	return await collectItems(host, job.prediction, unfinished, undefined, { signal });
}
