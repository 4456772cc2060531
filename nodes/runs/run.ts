import { randomUUID } from 'node:crypto';
import type { Item, ItemResult } from '../host/item';
import { patienceMs } from '../shared/api/timeLimit';
import type { InputObject } from '../shared/api/json';
import type { Prediction } from '../shared/api/shapes';
import { findFileInputs, withFilesSent, type FileInput } from '../shared/files/inputs';
import type { RunnableModel } from '../shared/models/models';
import { kindNamed } from '../shared/models/runKind';
import { createPrediction } from '../shared/predictions/create';
import { inputDigest } from '../shared/predictions/find';
import { takeUp } from '../shared/predictions/takeUp';
import type { RunRecord } from '../shared/predictions/record';
import { assertSucceeded } from '../shared/predictions/status';
import { waitForEnd } from '../shared/predictions/wait';
import { progressText } from '../shared/predictions/progress';
import { assertComplete } from '../shared/schema/values';
import { EarlyResults } from './earlyResults';
import { fingerprintOf } from './fingerprint';
import { readAssignments, readInput } from './input';
import { predictionItems } from './outputItems';
import type { Entry } from './ledger';
import { paidRunOf } from './paidRun';
import { isPreviewed, startPreview } from './preview';
import { findStored, reusablePrediction } from './reuse';
import { withinLimit } from './spendGuard';
import { addSpending } from './spending';
import { readSettings, type RunForm, type Settings } from './settings';

/** What one item is to run, with everything read and checked. */
interface Plan {
	model: RunnableModel;
	settings: Settings;
	input: InputObject;
	files: FileInput[];
}

/** What an item runs, and where its steps are written down. */
interface Started {
	prediction: Prediction;
	/** None for a result of an earlier run that is taken again. */
	record?: RunRecord;
	/** When its time is up, in ms. */
	deadline: number;
}

/**
 * The way of everything that is billed:
 * read settings and input → find files → create → wait → collect outputs → items.
 * What an earlier try of the same run has created is taken up instead of created again.
 *
 * @throws ReplicateError that says what is wrong, and what was created
 */
export async function executeRun(
	item: Item,
	model: RunnableModel,
	form: RunForm,
): Promise<ItemResult[]> {
	const settings = readSettings(item, form);
	const { input, warnings } = readInput(item, model.inputs);
	const { files: itemFiles } = item;
	const files = await findFileInputs(input, readAssignments(item), model.inputs, itemFiles);
	const filled = files.map((file) => file.input);
	assertComplete(model.inputs ?? [], input, filled, itemFiles.names);

	const started = await start(item, { model, settings, input, files });
	item.warn(warnings);
	const items = await itemsOf(item, model, settings, started);
	if (warnings.length === 0) return items;
	return items.map((one) => ({ ...one, json: { ...one.json, warnings } }));
}

/** Takes up what an earlier try has created, or makes it; and waits for its end if wanted. */
async function start(item: Item, plan: Plan): Promise<Started> {
	const { model, input, files } = plan;
	const { ledger } = paidRunOf(item.run);
	const fingerprint = await fingerprintOf(model, input, files);
	const earlier = ledger.earlierFor(item.index, fingerprint);
	const taken = earlier && (await takenUp(item, plan, earlier));
	if (taken) return taken;
	const created = await withinLimit(item, async () => await create(item, plan, fingerprint));
	return created.record ? await ended(item, plan, created) : created;
}

/** What an earlier try has created for the item, at its end; `undefined` when it is to be created. */
async function takenUp(item: Item, plan: Plan, earlier: Entry): Promise<Started | undefined> {
	const { model, settings } = plan;
	const { api, ledger } = paidRunOf(item.run);
	const wasToBeCancelled = earlier.outcome === 'cancelUnconfirmed';
	const record = ledger.resume(earlier);
	const limits = { signal: item.signal };
	const prediction = await takeUp(api, kindNamed(earlier.kind), model, earlier, record, limits);
	if (!prediction) return undefined;
	const started = { prediction, record, deadline: deadlineOf(item, settings) };
	const callsElsewhere = earlier.execution !== ledger.execution;
	const taken = await ended(item, plan, started, callsElsewhere);
	const isOver = wasToBeCancelled && taken.prediction.status === 'canceled';
	return isOver ? undefined : taken;
}

/** Creates what an item runs, or takes an equal result where the builder wants that. */
async function create(
	item: Item,
	{ model, settings, input, files }: Plan,
	fingerprint: string,
): Promise<Started> {
	const { run, client, signal } = item;
	const { api, ledger } = paidRunOf(run);
	const { waitFor, onTimeout, timeoutSeconds, webhook } = settings;
	const sent = await withFilesSent(input, files, settings, run.uploads, client.baseUrl, {
		patienceMs: patienceMs(timeoutSeconds),
		signal,
		findStored: findStored(item, settings),
	});
	const deadline = deadlineOf(item, settings);
	const equal = await reusablePrediction(item, model, settings, sent.input);
	if (equal) return { prediction: equal, deadline };
	const record = ledger.intend({
		key: randomUUID(),
		item: item.index,
		fingerprint,
		kind: model.kind.name,
		inputDigest: inputDigest(sent.input),
		...(settings.deleteUploads ? { uploadIds: sent.uploadIds } : {}),
	});
	const { hasLimits } = model.kind;
	const isHeld = waitFor === 'result' && hasLimits && !isPreviewed(item, model.schema);
	const isLimited = waitFor !== 'nothing' && onTimeout === 'cancel' && hasLimits;
	const prediction = await createPrediction(
		api,
		{ target: model, input: sent.input, webhook },
		record,
		{
			// A stream's address comes with the response, so the response must come at once.
			holdSeconds: isHeld ? timeoutSeconds : 0,
			cancelAfterSeconds: isLimited ? timeoutSeconds : undefined,
			deadline,
			signal,
			onStop: onStopOf(item),
		},
	);
	return { prediction, record, deadline };
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

function deadlineOf({ run }: Item, { timeoutSeconds }: Settings): number {
	return paidRunOf(run).api.now() + timeoutSeconds * 1_000;
}

/** With Retry On Fail, an error leaves the other items' predictions for the next try. */
function onStopOf({ run }: Item): () => 'cancel' | 'leave' {
	return () => (paidRunOf(run).willRetry && !run.stoppedByUser ? 'leave' : 'cancel');
}

async function itemsOf(
	{ run, signal }: Item,
	{ kind, schema }: RunnableModel,
	{ waitFor, output }: Settings,
	{ prediction, record }: Started,
): Promise<ItemResult[]> {
	const { host } = run;
	if (waitFor === 'result') {
		const succeeded = assertSucceeded(prediction, host.client.baseUrl, kind);
		const items = await predictionItems(host, succeeded, output, schema, signal);
		record?.became('collected');
		if (record) return items;
		return items.map((one) => ({ ...one, json: { ...one.json, reused: true } }));
	}
	if (waitFor === 'nothing') record?.became('handedOver');
	const unfinished = { ...output, downloadFiles: false, outputItems: 'perPrediction' } as const;
	return await predictionItems(host, prediction, unfinished, undefined, signal);
}
