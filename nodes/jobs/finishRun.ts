import pMap from 'p-map';
import { wordsOf } from '../fields/advice';
import { hasExecutionId } from '../host/execution';
import type { ErrorNote, Finish, ItemOutcome, RunEnd } from '../host/outcome';
import { ReplicateError, withDetails } from '../shared/api/errors';
import { deleteUploads } from '../shared/files/uploads';
import { cancelJob } from '../shared/predictions/cancel';
import { kindNamed } from '../shared/models/jobKind';
import { COST_KEY, costText, itemCost } from './ledger/costs';
import { moneyHints } from './ledger/hints';
import { reportOf } from './ledger/report';
import { isCreated, isOver, type Entry } from './ledger/ledgerState';
import { hintOfReplaced, namedIn, REPLACED_KEY, replacedIn } from './ledger/replaced';
import type { RunJobs } from './runJobs';
import { suspend } from './callback/suspension';

/** Predictions that are cancelled at the same time. */
const PARALLEL_CANCELS = 5;

/**
 * Ends a run of the node that created jobs: where it fails, cancels what nobody will wait for and
 * names all that was created; else suspends it where its items wait for callbacks.
 */
export async function finishRun(jobs: RunJobs, { failed, outcomes }: RunEnd): Promise<Finish> {
	if (!jobs.isReadable) return {};
	const { run, ledger, awaited, early } = jobs;
	if (failed !== undefined) {
		if (!jobs.willRetry || run.stoppedByUser) await cancelAbandoned(jobs);
		await deleteFinishedUploads(jobs);
		const { error } = outcomes[failed] as { error: unknown };
		// The item's create is in the error's own words only where the error is about it.
		const own = isOfUnknown(error) ? failed : undefined;
		return {
			note: withCosts(jobs, reportOf(ledger, namedBy(error), own, hasExecutionId(run.context))),
		};
	}
	await cancelForgotten(jobs);
	if (awaited.size > 0) await early.beforeSuspension();
	const isStopped = awaited.size > 0 && run.stoppedByUser;
	if (isStopped) await cancelAbandoned(jobs);
	await deleteFinishedUploads(jobs);
	if (isStopped)
		return {
			isStopped,
			note: withCosts(jobs, reportOf(ledger, '', undefined, hasExecutionId(run.context))),
		};
	nameReplaced(jobs, outcomes);
	nameCosts(jobs, outcomes);
	for (const hint of moneyHints(ledger, outcomes, jobs.uploads.reusedFiles)) run.inform(hint);
	if (awaited.size === 0) return {};
	return { output: await suspend(jobs, outcomes) };
}

/** Names in each item what an earlier try had created for it and another create replaced. */
function nameReplaced({ run, ledger }: RunJobs, outcomes: ItemOutcome[]): void {
	const all = outcomes.flatMap((outcome, index) => {
		if ('error' in outcome) {
			const { error } = outcome;
			const said = namedBy(error);
			const replaced = replacedIn(ledger, index, (id) => said.includes(id), isOfUnknown(error));
			if (replaced.length > 0 && error instanceof ReplicateError) {
				outcome.error = withDetails(error, { [REPLACED_KEY]: replaced });
			}
			return replaced;
		}
		// All items of one job name the same.
		const replaced = replacedIn(ledger, index, namedIn(outcome.results[0]?.json));
		for (const { json } of outcome.results) {
			if (replaced.length > 0) json[REPLACED_KEY] = replaced;
		}
		return replaced;
	});
	for (const hint of hintOfReplaced(all)) run.inform(hint);
}

/** Says in each item what it costs, where there are prices; of several items of one job, the first. */
function nameCosts({ ledger, pricesOf }: RunJobs, outcomes: ItemOutcome[]): void {
	for (const [index, outcome] of outcomes.entries()) {
		const cost = itemCost(ledger, index, pricesOf(index));
		if (!cost) continue;
		if (!('error' in outcome)) {
			if (outcome.results[0]) outcome.results[0].json[COST_KEY] = cost;
		} else if (outcome.error instanceof ReplicateError && ledger.countOf(index) > 0) {
			outcome.error = withDetails(outcome.error, { [COST_KEY]: cost });
		}
	}
}

/** What a failed run has cost, in the error's words and as its data. */
function withCosts({ ledger, pricesOf }: RunJobs, { text, context }: ErrorNote): ErrorNote {
	const said = costText(ledger.entries, pricesOf);
	if (said === undefined) return { text, context };
	const items = new Set(ledger.entries.map(({ item }) => item));
	const costs = [...items].flatMap((item) => {
		const cost = itemCost(ledger, item, pricesOf(item));
		return cost ? [{ item, ...cost }] : [];
	});
	const sentence = `All that this run created ${said}.`;
	return { text: [text, sentence].filter(Boolean).join(' '), context: { ...context, costs } };
}

/** Whether an error says that it is not known whether something was created. */
function isOfUnknown(error: unknown): boolean {
	return error instanceof ReplicateError && error.code === 'createUnknown';
}

/** Everything that an error says by itself. */
function namedBy(error: unknown): string {
	const { message, description = '', details = {} } = wordsOf(error);
	return [message, description, JSON.stringify(details)].join(' ');
}

/** Cancels what was created and nobody will wait for, now that the run fails for good. */
async function cancelAbandoned(jobs: RunJobs): Promise<void> {
	await cancelAll(jobs, ({ outcome }) => outcome === undefined || outcome === 'leftForRetry');
}

/** Cancels what an earlier try left running for one that wanted something else. */
async function cancelForgotten(jobs: RunJobs): Promise<void> {
	await cancelAll(jobs, ({ outcome }) => outcome === 'leftForRetry');
}

async function cancelAll(
	{ api, ledger }: RunJobs,
	isUnwanted: (entry: Entry) => boolean,
): Promise<void> {
	const unwanted = ledger.entries
		.filter(isCreated)
		.filter((entry) => entry.state === 'created' && isUnwanted(entry));
	await pMap(
		unwanted,
		async (entry) =>
			await cancelJob({ api, kind: kindNamed(entry.kind), record: ledger.record(entry) }, entry),
		{ concurrency: PARALLEL_CANCELS },
	);
}

/** Deletes uploads that are to be deleted and that no prediction reads any more. */
async function deleteFinishedUploads({ client, ledger }: RunJobs): Promise<void> {
	await deleteUploads(client, ledger.unusedUploads(isOver));
	for (const entry of ledger.entries.filter(isOver)) delete entry.uploadIds;
}
