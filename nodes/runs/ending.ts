import pMap from 'p-map';
import type { NodeRun } from '../host/nodeRun';
import type { Finish, RunEnd } from '../host/outcome';
import { deleteUploads } from '../shared/files/uploads';
import { cancelForSure } from '../shared/predictions/cancel';
import { kindNamed } from '../shared/models/runKind';
import { accountOf } from './account';
import { EarlyResults } from './earlyResults';
import type { Entry, Ledger } from './ledger';
import { paidRunOf, type PaidRun } from './paidRun';
import { suspend } from './suspension';

/** Predictions that are cancelled at the same time. */
const PARALLEL_CANCELS = 5;

/**
 * Ends a run of the node that created paid work: where it fails, cancels what nobody will wait for and
 * names all that was created; else suspends it where its items wait for
 * callbacks.
 */
export async function finishRun(run: NodeRun, end: RunEnd): Promise<Finish> {
	const paid = paidRunOf(run);
	if (end.failed !== undefined) {
		if (!paid.willRetry || run.stoppedByUser) await abandon(paid);
		await removeFinishedUploads(run, paid.ledger);
		return { note: accountOf(paid.ledger, end.failed) };
	}
	if (paid.awaited.size > 0) await EarlyResults.of(run).beforeSuspension();
	await removeFinishedUploads(run, paid.ledger);
	if (paid.awaited.size === 0) return {};
	return { output: await suspend(run, paid, end.outcomes) };
}

/** Cancels predictions whose callback nobody will wait for. */
async function abandon({ api, ledger, awaited }: PaidRun): Promise<void> {
	const running = ledger.entries.filter(
		(entry) => awaited.has(entry.item) && entry.state === 'created' && !entry.outcome,
	);
	await pMap(
		running,
		async (entry) => {
			const record = ledger.record(entry);
			const { fate, prediction } = await cancelForSure(api, kindNamed(entry.kind), entry.id!);
			if (prediction) record.is(prediction);
			if (fate !== 'ended') record.became(fate === 'cancelled' ? 'cancelled' : 'cancelUnconfirmed');
		},
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
