import type { Item, ItemResult } from '../host/item';
import type { RunnableModel } from '../shared/models/models';
import { kindNamed } from '../shared/models/jobKind';
import { takeUp } from '../shared/predictions/takeUp';
import { assertSucceeded } from '../shared/predictions/status';
import { waitForEnd } from '../shared/predictions/wait';
import { progressText } from '../shared/predictions/progress';
import { create, onStopOf, type Started } from './create';
import { EarlyResults } from './callback/earlyResults';
import { fallbackPlans, firstInService } from './ledger/fallback';
import { readAssignments, readInput } from './input/input';
import { predictionItems } from './output/outputItems';
import type { Entry } from './ledger/ledger';
import { paidRunOf } from './paidRun';
import { planOf, type Plan } from './input/plan';
import { isPreviewed, startPreview } from './output/preview';
import { withinLimit } from './ledger/spendGuard';
import { addSpending } from './ledger/spending';
import { readSettings, type JobForm, type Settings } from './input/settings';

/**
 * The way of everything that is billed:
 * read settings and input → find files → create → wait → collect outputs → items.
 * What an earlier try of the same run has created is taken up instead of created again.
 *
 * @throws ReplicateError that says what is wrong, and what was created
 */
export async function executeJob(
	item: Item,
	model: RunnableModel,
	form: JobForm,
): Promise<ItemResult[]> {
	const settings = readSettings(item, form);
	const given = readInput(item, model.inputs);
	const first = await planOf(item, model, settings, given, readAssignments(item));
	const plans = [first, ...(await fallbackPlans(item, settings))];
	return await firstInService(item, plans, async (plan) => await runPlan(item, plan));
}

async function runPlan(item: Item, plan: Plan): Promise<ItemResult[]> {
	const { model, settings, warnings } = plan;
	const started = await start(item, plan);
	item.warn(warnings);
	const items = await itemsOf(item, model, settings, started);
	if (warnings.length === 0) return items;
	return items.map((one) => ({ ...one, json: { ...one.json, warnings } }));
}

/** Takes up what an earlier try has created, or makes it; and waits for its end if wanted. */
async function start(item: Item, plan: Plan): Promise<Started> {
	const { ledger } = paidRunOf(item.run);
	const earlier = ledger.earlierFor(item.index, plan.fingerprint);
	const taken = earlier && (await takenUp(item, plan, earlier));
	if (taken) return taken;
	const created = await withinLimit(item, async () => await create(item, plan));
	return created.record ? await ended(item, plan, created) : created;
}

/** What an earlier try has created for the item, at its end; `undefined` when it is to be created. */
async function takenUp(item: Item, plan: Plan, earlier: Entry): Promise<Started | undefined> {
	const { model, settings } = plan;
	const { api, ledger } = paidRunOf(item.run);
	const wasToBeCancelled = earlier.outcome === 'cancelUnconfirmed';
	const record = ledger.resume(earlier);
	const deadline = item.deadline(settings.timeoutSeconds);
	const limits = { signal: item.signal, until: deadline };
	const prediction = await takeUp(api, kindNamed(earlier.kind), model, earlier, record, limits);
	if (!prediction) return undefined;
	const started = { prediction, record, deadline };
	const callsElsewhere = earlier.execution !== ledger.execution;
	const taken = await ended(item, plan, started, callsElsewhere);
	const isOver = wasToBeCancelled && taken.prediction.status === 'canceled';
	return isOver ? undefined : taken;
}

/**
 * Waits for the end of a prediction where the item's result is wanted.
 *
 * @param callsElsewhere whether Replicate calls back another execution than this one
 */
async function ended(
	item: Item,
	{ model, settings }: Plan,
	started: Started,
	callsElsewhere = false,
): Promise<Started> {
	const { prediction, record, deadline } = started;
	const { waitFor, onTimeout, output, deleteUploads, timeoutSeconds } = settings;
	const { api, awaited } = paidRunOf(item.run);
	if (waitFor === 'callback') {
		awaited.set(item.index, { timeoutSeconds, onTimeout, output, deleteUploads });
		await EarlyResults.of(item.run).afterCreate();
	}
	const isAwaitedHere = waitFor === 'result' || (waitFor === 'callback' && callsElsewhere);
	if (!isAwaitedHere) return started;
	const preview = isPreviewed(item, model.schema)
		? startPreview(item, prediction, model.schema)
		: undefined;
	const end = waitForEnd(api, prediction, {
		kind: model.kind,
		deadline,
		onTimeout,
		onStop: onStopOf(item),
		signal: item.signal,
		record,
		onProgress: (latest) => item.run.showProgress(latest.id, progressText(latest)),
	});
	await preview?.end(await end.catch(() => undefined));
	const last = await end;
	addSpending(item, last);
	return { ...started, prediction: last };
}

async function itemsOf(
	{ run, signal }: Item,
	{ kind, schema }: RunnableModel,
	{ waitFor, output }: Settings,
	{ prediction, record, deadline }: Started,
): Promise<ItemResult[]> {
	const { host } = run;
	if (waitFor === 'result') {
		const succeeded = assertSucceeded(prediction, host.client.baseUrl, kind);
		const limits = { signal, deadline };
		const items = await predictionItems(host, succeeded, output, schema, limits);
		record?.became('collected');
		if (record) return items;
		return items.map((one) => ({ ...one, json: { ...one.json, reused: true } }));
	}
	if (waitFor === 'nothing') record?.became('handedOver');
	const unfinished = { ...output, downloadFiles: false, outputItems: 'perPrediction' } as const;
	return await predictionItems(host, prediction, unfinished, undefined, { signal });
}
