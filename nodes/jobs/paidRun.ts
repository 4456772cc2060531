import type { IDataObject, INode } from 'n8n-workflow';
import type { NodeRun } from '../host/nodeRun';
import { predictionsApi, type PredictionsApi } from '../shared/predictions/api';
import { Claims } from '../shared/predictions/claims';
import { Ledger, type LedgerState } from './ledger/ledger';
import type { OutputSettings } from './input/outputSettings';

/** The key of the ledger in what n8n keeps for the node. */
export const LEDGER_KEY = 'ledger';

/** How often n8n tries a node with Retry On Fail: 2 to 5 times, 3 where nothing is set. */
const TRIES = { min: 2, max: 5, usual: 3 };

/** How an item waits for a callback. */
export interface Awaited {
	timeoutSeconds: number;
	onTimeout: 'cancel' | 'leave';
	output: OutputSettings;
	deleteUploads: boolean;
}

/** What the items of a run of the node share where paid work is created. */
export interface PaidRun {
	api: PredictionsApi;
	ledger: Ledger;
	/** The items that wait for a callback. */
	awaited: Map<number, Awaited>;
	/** Whether n8n will try the node again after an error, so that running predictions may go on. */
	willRetry: boolean;
}

const runs = new WeakMap<NodeRun, PaidRun>();

/** The ledger of a run of the node, and the API as its account sees it. */
export function paidRunOf(run: NodeRun): PaidRun {
	const known = runs.get(run);
	if (known) return known;
	const api = predictionsApi(run.host.client);
	const { id: owner, runIndex, executionId: execution } = run;
	const state = Ledger.begin(keptLedger(run.memory), { runIndex, execution, owner });
	run.memory[LEDGER_KEY] = state as unknown as IDataObject;
	const ledger = new Ledger(state);
	claimAll(ledger);
	const opened: PaidRun = {
		api,
		ledger,
		awaited: new Map(),
		willRetry: ledger.tries < triesOf(run.node),
	};
	runs.set(run, opened);
	return opened;
}

/** The ledger that n8n has kept for the node, if any. */
export function keptLedger(memory: unknown): LedgerState | undefined {
	return (memory as { [LEDGER_KEY]?: LedgerState } | undefined)?.[LEDGER_KEY];
}

/** What a ledger has an id of belongs to its run, also after a restart of n8n. */
export function claimAll(ledger: Ledger): void {
	for (const { id } of ledger.entries) if (id !== undefined) Claims.ofProcess.claim(id);
}

/** How often n8n runs a node in all while it fails. */
export function triesOf({
	retryOnFail,
	maxTries,
}: Pick<INode, 'retryOnFail' | 'maxTries'>): number {
	if (!retryOnFail) return 1;
	// n8n takes 0 for "not set".
	return Math.min(Math.max(maxTries || TRIES.usual, TRIES.min), TRIES.max);
}
