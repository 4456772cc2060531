import { deleteUploads } from '../fields/files';
import { waitFor } from '../fields/waiting';
import type { Item, ItemResult } from '../host/item';
import { withoutResult } from './input/outputSettings';
import { readPlans, type Plan } from './input/plan';
import { readSettings, type JobForm, type Settings } from './input/settings';
import type { Job } from './job';
import { firstInService } from './ledger/fallback';
import { collectItems } from './output/collectItems';
import { exampleItems } from './output/exampleItems';
import { isPreviewed, previewText } from './output/preview';
import type { RunJobs } from './runJobs';

const UPLOADS_STAY = `${deleteUploads.label} has no effect with ${waitFor.chosen('nothing')}, because the node does not wait for the end. The uploads expire after 24 hours; File → Delete removes them sooner.`;
const NOT_CALLED =
	'Options → Webhook URL was not called for results that were reused: their predictions had ended before.';
const NOT_LOOKED_FOR = 'Earlier results could not be read, so a new prediction was created';

/**
 * The way of an item whose job is billed:
 * read settings and input → find files → create → wait → collect outputs → items.
 * What an earlier try of the same run has created is taken up instead of created again.
 *
 * @throws ReplicateError that says what is wrong, and what was created
 */
export async function runItem(item: Item, jobs: RunJobs, form: JobForm): Promise<ItemResult[]> {
	const settings = readSettings(item, form);
	if (hasPublicLinks(settings)) await item.run.host.publicLinks.assertPossible();
	const models = item.run.models.before(item.deadline(settings.timeoutSeconds));
	const plans = await readPlans(item, await form.findModel(models, item), settings);
	if (settings.usesExample) return await useExample(item, jobs, plans[0]!);
	return await firstInService(
		item,
		jobs.ledger,
		plans,
		async (plan) => await runPlan(item, jobs, plan),
	);
}

/** Whether the item's output files get public links, now or when Replicate calls back. */
function hasPublicLinks({ waitFor, output }: Settings): boolean {
	return waitFor !== 'nothing' && output.downloadFiles && output.publicLinkHours !== undefined;
}

async function runPlan(item: Item, jobs: RunJobs, plan: Plan): Promise<ItemResult[]> {
	const { warnings } = plan;
	const job = await runJob(item, jobs, plan);
	try {
		return withWarnings(await collectJob(item, plan, job), warnings);
	} finally {
		item.warn([...hintsOf(plan.settings, job), ...warnings]);
	}
}

/**
 * The model's example in the place of a prediction that the item would create; its fallbacks are checked
 * and not used.
 *
 * @throws InputError where the model has none, or its files are gone
 */
async function useExample(item: Item, jobs: RunJobs, plan: Plan): Promise<ItemResult[]> {
	const { warnings, settings } = plan;
	jobs.assertWithinLimits(item, settings);
	item.warn(warnings);
	return withWarnings(await exampleItems(item, plan), warnings);
}

function withWarnings(items: ItemResult[], warnings: string[]): ItemResult[] {
	if (warnings.length === 0) return items;
	return items.map((one) => ({ ...one, json: { ...one.json, warnings } }));
}

/** What the builder should know of what was set and has no effect. */
function hintsOf(
	{ deleteUploads: deletes, waitFor, webhook }: Settings,
	{ record, lookFailure }: Job,
): string[] {
	return [
		...(deletes && waitFor === 'nothing' ? [UPLOADS_STAY] : []),
		...(lookFailure ? [`${NOT_LOOKED_FOR}: ${lookFailure.message}`] : []),
		// A result of an earlier run has no record here.
		...(webhook && !record ? [NOT_CALLED] : []),
	];
}

/** Takes up what an earlier try has created, or creates it; and waits for its end if wanted. */
async function runJob(item: Item, jobs: RunJobs, plan: Plan): Promise<Job> {
	const job = await jobs.obtain(item, plan);
	// A result of an earlier run has no record here, and has ended.
	if (job.record) await waitIfWanted(item, jobs, plan, job);
	return wasCancelledBefore(job) ? await runJob(item, jobs, plan) : job;
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
	const wait = async (onText?: (text: string) => void) => await job.wait(onText);
	await (isPreviewed(item, schema) ? previewText(item, schema, wait) : wait());
}

/** Fetches the job's result, where it is wanted, and makes the item's items of it. */
async function collectJob(
	{ run: { host }, signal }: Item,
	{ model: { schema }, settings: { waitFor, output } }: Plan,
	job: Job,
): Promise<ItemResult[]> {
	const { prediction, record, deadline, kind } = job;
	const isEnded = waitFor === 'result';
	const items = await collectItems(host, prediction, isEnded ? output : withoutResult(output), {
		schema: isEnded ? schema : undefined,
		mustSucceedAs: isEnded ? kind : undefined,
		deadline: isEnded ? deadline : undefined,
		signal,
	});
	if (waitFor === 'nothing') record?.became('handedOver');
	if (!isEnded) return items;
	record?.became('collected');
	if (record) return items;
	return items.map((one) => ({ ...one, json: { ...one.json, reused: true } }));
}
