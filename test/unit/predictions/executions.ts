import { reportOf } from '../../../nodes/jobs/ledger/report';
import { Ledger } from '../../../nodes/jobs/ledger/ledger';
import type { InputObject } from '../../../nodes/shared/api/json';
import type { Prediction } from '../../../nodes/shared/api/shapes';
import { PREDICTION, type JobTarget } from '../../../nodes/shared/models/jobKind';
import { Claims } from '../../../nodes/shared/predictions/claims';
import { createPrediction } from '../../../nodes/shared/predictions/create';
import { inputDigest } from '../../../nodes/shared/predictions/find';
import { waitForEnd } from '../../../nodes/shared/predictions/wait';
import {
	FakeReplicate,
	type Behaviour,
	type CancelScript,
	type CreateScript,
} from './fakeReplicate';
import { VirtualTime } from './virtualTime';

export const MODEL: JobTarget = { kind: PREDICTION, version: 'acme/model' };

/** One execution of a node with one item, and what goes wrong with it; times in ms. */
export interface ExecutionScript {
	/** When it begins. */
	begins: number;
	/** Its create. */
	create: CreateScript;
	/** When it is stopped, after it began. */
	stops?: number;
	/** Its time limit. */
	timeout?: number;
	onTimeout?: 'cancel' | 'leave';
	cancels?: CancelScript[];
	target?: JobTarget;
	input?: InputObject;
	/** Executions of the same name are items of one run of the node. */
	name: string;
	/** In another process, which knows nothing of this one's claims. */
	isElsewhere?: boolean;
}

/** How an execution ended. */
export interface Ended {
	name: string;
	result?: Prediction;
	error?: Error;
	ledger: Ledger;
}

/** Runs these executions beside each other until all has ended. */
export async function play(behaviour: Behaviour, ...scripts: ExecutionScript[]) {
	const fake = new FakeReplicate(new VirtualTime(), behaviour);
	const all = Promise.all(scripts.map(async (script) => await execute(fake, script)));
	await fake.time.run();
	return { fake, all: await all };
}

/** Runs one execution as the node does: create, wait, and an account of it. */
export async function execute(fake: FakeReplicate, script: ExecutionScript): Promise<Ended> {
	const { begins, create, stops, timeout = 60_000, onTimeout = 'cancel', name } = script;
	const { target = MODEL, input = { prompt: 'equal' } } = script;
	const { time } = fake;
	await time.sleep(begins);
	const own = fake.api(name, [create], [...(script.cancels ?? [])]);
	const api = script.isElsewhere ? { ...own, claims: new Claims() } : own;
	const ledger = new Ledger(Ledger.begin(undefined, { runIndex: 0, execution: name, owner: name }));
	const record = ledger.intend({
		key: `${name}${begins}${Math.random()}`,
		item: 0,
		fingerprint: 'x',
		kind: target.kind.name,
		inputDigest: inputDigest(input),
	});
	const controller = new AbortController();
	if (stops !== undefined) void time.sleep(stops).then(() => controller.abort());
	const { signal } = controller;
	const deadline = time.now() + timeout;
	const onStop = () => 'cancel' as const;
	const { kind } = target;
	const job = { api, kind, record, deadline, onTimeout, signal, onStop };
	try {
		const created = await createPrediction(job, { target, input }, { holdSeconds: 60 });
		const result = await waitForEnd(job, created);
		if (result.status === 'succeeded') record.became('collected');
		return { name, result, ledger };
	} catch (error) {
		return { name, error: error as Error, ledger };
	}
}

/**
 * What must be true of every run of Replicate's when all have ended: nobody but its creator has it or
 * has cancelled it, and exactly one result or one error has it, with its true state.
 *
 * @returns what is wrong
 */
export function wrongs(fake: FakeReplicate, all: Ended[]): string[] {
	const found: string[] = [];
	for (const { by, id } of fake.cancels) {
		const { creator } = fake.runs.find((run) => run.id === id)!;
		if (creator !== by) found.push(`${by} cancelled ${id}`);
	}
	for (const { name, result, ledger } of all) {
		if (result && fake.runs.find(({ id }) => id === result.id)!.creator !== name) {
			found.push(`${name} has the result of ${result.id}`);
		}
		for (const { id, state, status, outcome } of ledger.entries) {
			const run = fake.runs.find((one) => one.id === id);
			if (!run) continue;
			const truth = fake.statusOf(run);
			if (run.creator !== name) found.push(`${name} has noted ${run.id}`);
			if (state === 'ended' && status !== truth) found.push(`${id} is ${truth}, not ${status}`);
			if (outcome === 'cancelled' && truth !== 'canceled') {
				found.push(`${id} is ${truth}, and said to be cancelled`);
			}
			if (state === 'created' && truth === 'canceled' && outcome !== 'cancelUnconfirmed') {
				found.push(`${id} is cancelled, and said to be running`);
			}
		}
	}
	for (const run of fake.runs) {
		const holders = all.filter(
			({ result, error, ledger }) =>
				result?.id === run.id || (error && JSON.stringify(reportOf(ledger, '')).includes(run.id)),
		);
		const own = all.filter(({ name }) => name === run.creator);
		const isUnknown = own.some(({ ledger }) =>
			ledger.entries.some(({ state }) => state === 'unknown'),
		);
		const mine = holders.filter(({ name }) => name === run.creator);
		if (mine.length !== 1 && !isUnknown) found.push(`${run.id} is in ${mine.length} lists`);
		const others = holders.filter(
			({ name, ledger }) =>
				name !== run.creator && ledger.entries.every(({ state }) => state !== 'unknown'),
		);
		if (others.length > 0) found.push(`${run.id} is in the list of ${others[0]!.name}`);
	}
	return found;
}
