import pMap from 'p-map';
import { wordsOf } from '../fields/advice';
import type { Finish, RunEnd } from '../host/outcome';
import { deleteUploads } from '../shared/files/uploads';
import { cancelJob } from '../shared/predictions/cancel';
import { kindNamed } from '../shared/models/jobKind';
import { reportOf } from './ledger/report';
import { isCreated, type Entry } from './ledger/ledgerState';
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
		return { note: reportOf(ledger, namedBy(error), failed) };
	}
	await cancelForgotten(jobs);
	if (awaited.size > 0) await early.beforeSuspension();
	const isStopped = awaited.size > 0 && run.stoppedByUser;
	if (isStopped) await cancelAbandoned(jobs);
	await deleteFinishedUploads(jobs);
	if (isStopped) return { isStopped, note: reportOf(ledger, '') };
	if (awaited.size === 0) return {};
	return { output: await suspend(jobs, outcomes) };
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
	const isOver = ({ state, outcome }: Entry) => state === 'ended' || outcome === 'cancelled';
	const idsOf = (entries: Entry[]) => entries.flatMap(({ uploadIds = [] }) => uploadIds);
	const inUse = new Set(idsOf(ledger.entries.filter((entry) => !isOver(entry))));
	const over = ledger.entries.filter(isOver);
	const ids = new Set(idsOf(over).filter((id) => !inUse.has(id)));
	await deleteUploads(client, [...ids]);
	for (const entry of over) delete entry.uploadIds;
}
