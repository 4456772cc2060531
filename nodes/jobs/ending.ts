import pMap from 'p-map';
import { wordsOf } from '../fields/advice';
import type { NodeRun } from '../host/nodeRun';
import type { Finish, RunEnd } from '../host/outcome';
import { deleteUploads } from '../shared/files/uploads';
import { cancelRecorded } from '../shared/predictions/cancel';
import { kindNamed } from '../shared/models/jobKind';
import { reportOf } from './ledger/report';
import { EarlyResults } from './callback/earlyResults';
import type { Entry, Ledger } from './ledger/ledger';
import { paidRunOf, type PaidRun } from './paidRun';
import { suspend } from './callback/suspension';

/** Predictions that are cancelled at the same time. */
const PARALLEL_CANCELS = 5;

/**
 * Ends a run of the node that created paid work: where it fails, cancels what nobody will wait for and
 * names all that was created; else suspends it where its items wait for callbacks.
 */
export async function finishRun(run: NodeRun, end: RunEnd): Promise<Finish> {
	const paid = paidRunOf(run);
	if (end.failed !== undefined) {
		if (!paid.willRetry || run.stoppedByUser) await abandon(paid);
		await removeFinishedUploads(run, paid.ledger);
		const { error } = end.outcomes[end.failed] as { error: unknown };
		return { note: reportOf(paid.ledger, namedBy(error), end.failed) };
	}
	await cancelForgotten(paid);
	if (paid.awaited.size > 0) await EarlyResults.of(run).beforeSuspension();
	const isStopped = paid.awaited.size > 0 && run.stoppedByUser;
	if (isStopped) await abandon(paid);
	await removeFinishedUploads(run, paid.ledger);
	if (isStopped) return { isStopped, note: reportOf(paid.ledger, '') };
	if (paid.awaited.size === 0) return {};
	return { output: await suspend(run, paid, end.outcomes) };
}

/** Everything that an error says by itself. */
function namedBy(error: unknown): string {
	const { message, description = '', details = {} } = wordsOf(error);
	return [message, description, JSON.stringify(details)].join(' ');
}

/** Cancels what was created and nobody will wait for, now that the run fails for good. */
async function abandon(paid: PaidRun): Promise<void> {
	await cancelAll(paid, ({ outcome }) => outcome === undefined || outcome === 'leftForRetry');
}

/** Cancels what an earlier try left running for one that wanted something else. */
async function cancelForgotten(paid: PaidRun): Promise<void> {
	await cancelAll(paid, ({ outcome }) => outcome === 'leftForRetry');
}

async function cancelAll(
	{ api, ledger }: PaidRun,
	isUnwanted: (entry: Entry) => boolean,
): Promise<void> {
	const unwanted = ledger.entries.filter(
		(entry) => entry.state === 'created' && isUnwanted(entry),
	) as Array<Entry & { id: string }>;
	await pMap(
		unwanted,
		async (entry) => await cancelRecorded(api, kindNamed(entry.kind), entry, ledger.record(entry)),
		{ concurrency: PARALLEL_CANCELS },
	);
}

/** Removes uploads that are to be removed and that no prediction reads any more. */
async function removeFinishedUploads({ host }: NodeRun, ledger: Ledger): Promise<void> {
	const isOver = ({ state, outcome }: Entry) => state === 'ended' || outcome === 'cancelled';
	const idsOf = (entries: Entry[]) => entries.flatMap(({ uploadIds = [] }) => uploadIds);
	const inUse = new Set(idsOf(ledger.entries.filter((entry) => !isOver(entry))));
	const over = ledger.entries.filter(isOver);
	const ids = new Set(idsOf(over).filter((id) => !inUse.has(id)));
	await deleteUploads(host.client, [...ids]);
	for (const entry of over) delete entry.uploadIds;
}
