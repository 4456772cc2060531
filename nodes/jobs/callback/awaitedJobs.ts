import pMap from 'p-map';
import { now } from '../../shared/api/clock';
import { stringifyJson } from '../../shared/api/json';
import type { Prediction } from '../../shared/api/shapes';
import { kindNamed } from '../../shared/models/jobKind';
import type { PredictionsApi } from '../../shared/predictions/api';
import { isPending } from '../../shared/predictions/status';
import type { CreatedEntry } from '../ledger/ledgerState';

/** Predictions that are read at the same time. */
export const PARALLEL_READS = 5;
/** How long one read may take with its retries, in ms: Replicate waits for the response to its call. */
const READ_MS = 20_000;
/** How much later than its create was sent a prediction may be listed as created, in ms. */
const WINDOW_SLACK_MS = 15_000;
/** How many predictions a page of the list must bring on average, so that it is worth its read. */
const WORTH_A_PAGE = 20;
/** How many executions are remembered; a forgotten one costs reads. */
const MAX_EXECUTIONS = 200;
/** How much JSON of ended predictions is kept in this process, in characters. */
const MAX_CHARS = 20_000_000;

/** What is known of a prediction that has ended. */
interface Ended {
	completedAt?: string;
	/** As the API gave it, where that is small enough to keep. */
	prediction?: Prediction;
	chars: number;
}

/** How much JSON is kept in all, in characters. */
interface Kept {
	chars: number;
}

/** What this process knows of all executions that wait for callbacks. */
export class KnownExecutions {
	private readonly executions = new Map<string, AwaitedJobs>();
	private readonly kept: Kept = { chars: 0 };

	of(executionId: string): AwaitedJobs {
		const { executions } = this;
		const known = executions.get(executionId) ?? new AwaitedJobs(this.kept);
		executions.delete(executionId);
		executions.set(executionId, known);
		if (executions.size > MAX_EXECUTIONS) this.forget(executions.keys().next().value!);
		return known;
	}

	/** Whether this is what is known now: it is forgotten when the execution continues. */
	isCurrent(executionId: string, known: AwaitedJobs): boolean {
		return this.executions.get(executionId) === known;
	}

	/** The execution continues. */
	forget(executionId: string): void {
		this.executions.get(executionId)?.forgetAll();
		this.executions.delete(executionId);
	}
}

/**
 * What this process knows of the predictions that an execution waits for. It keeps the reads few: a
 * callback names one that has ended, one read of a prediction that may still run settles whether to
 * wait on, and what was once read as ended is not read again.
 */
export class AwaitedJobs {
	/** Of the run whose callbacks come. */
	private owner?: string;
	private readonly ended = new Map<string, Ended>();
	private readonly callbacks = new Set<string>();
	/** The list is read again only when at most so many are left of which nothing is known. */
	private listFrom = Infinity;

	constructor(private readonly kept: Kept = { chars: 0 }) {}

	/** Whether this is the first call for a run of the node: in a loop, an execution has several. */
	isNewRun(owner: string): boolean {
		const isNew = owner !== this.owner;
		this.owner = owner;
		return isNew;
	}

	/** Whether it is still this run whose callbacks come. */
	isOf(owner: string): boolean {
		return this.owner === owner;
	}

	/** Whether a callback was taken before: each is sent until it gets a good response, or twice. */
	hasTaken(callbackId: string): boolean {
		return this.callbacks.has(callbackId);
	}

	/** To be called when nothing can go wrong with it any more. */
	take(callbackId: string): void {
		this.callbacks.add(callbackId);
	}

	/** A callback says that it has ended. */
	noteEnd({ id, completed_at: completedAt }: Prediction): void {
		if (!this.ended.has(id))
			this.ended.set(id, { completedAt: completedAt ?? undefined, chars: 0 });
	}

	/** It was read as running all the same. */
	forgetEnd(id: string): void {
		this.kept.chars -= this.ended.get(id)?.chars ?? 0;
		this.ended.delete(id);
	}

	forgetAll(): void {
		for (const id of this.ended.keys()) this.forgetEnd(id);
	}

	hasEnded(id: string): boolean {
		return this.ended.has(id);
	}

	/** When the first of these ended that is known to have, by Replicate's clock, in ms. */
	firstEnd(entries: CreatedEntry[]): number {
		const times = entries.map(({ id }) => Date.parse(this.ended.get(id)?.completedAt ?? ''));
		return Math.min(...times.filter((time) => !Number.isNaN(time)), Infinity);
	}

	/**
	 * Whether one of these still runs. It asks for the newest of which nothing is known, then for the
	 * next; where many are left, as after a restart, the list says it of many at once.
	 *
	 * @throws ApiError
	 */
	async isAnyRunning(api: PredictionsApi, entries: CreatedEntry[]): Promise<boolean> {
		for (;;) {
			const open = entries.filter(({ id }) => !this.ended.has(id));
			const newest = open.at(-1);
			if (!newest) return false;
			const prediction = await readOne(api, newest);
			if (isPending(prediction)) return true;
			this.keep(prediction);
			const left = open.length - 1;
			if (left >= WORTH_A_PAGE && left <= this.listFrom) {
				await this.list(api, open.slice(0, -1));
				this.listFrom = entries.filter(({ id }) => !this.ended.has(id)).length / 2;
			}
		}
	}

	/**
	 * Reads these: several out of the list, where it is not too long, and singly what that does not
	 * have.
	 *
	 * @returns all of them by id, ended or not
	 * @throws ApiError
	 */
	async readAll(
		api: PredictionsApi,
		entries: CreatedEntry[],
	): Promise<ReadonlyMap<string, Prediction>> {
		const found = new Map<string, Prediction>();
		const unread = () => entries.filter(({ id }) => !found.has(id));
		for (const { id } of entries) {
			const { prediction } = this.ended.get(id) ?? {};
			if (prediction) found.set(id, prediction);
		}
		const missing = unread();
		const listed = missing.length > 1 ? await this.list(api, missing) : [];
		for (const prediction of listed) found.set(prediction.id, prediction);
		await pMap(
			unread(),
			async (entry) => {
				const prediction = await readOne(api, entry);
				this.keep(prediction);
				found.set(entry.id, prediction);
			},
			{ concurrency: PARALLEL_READS },
		);
		return found;
	}

	/** Those of the list that it shows whole, and as they are. */
	private async list(api: PredictionsApi, entries: CreatedEntry[]): Promise<Prediction[]> {
		const times = entries.map(({ from }) => from);
		const listed = await api.list(
			kindNamed(entries[0]!.kind),
			Math.min(...times),
			Math.max(...times) + WINDOW_SLACK_MS,
			{
				ids: new Set(entries.map(({ id }) => id)),
				maxPages: Math.ceil(entries.length / WORTH_A_PAGE),
				until: now() + READ_MS,
			},
		);
		// A list may be behind what a callback or a read by id has said.
		const isStale = (one: Prediction) => isPending(one) && this.ended.has(one.id);
		const whole = listed.filter((one) => !lacksOutput(one) && !isStale(one));
		for (const prediction of whole) this.keep(prediction);
		return whole;
	}

	private keep(prediction: Prediction): void {
		if (isPending(prediction)) return;
		const { id, completed_at: completedAt } = prediction;
		if (this.ended.get(id)?.prediction) return;
		const chars = stringifyJson(prediction).length;
		const isKept = this.kept.chars + chars <= MAX_CHARS;
		if (isKept) this.kept.chars += chars;
		this.ended.set(id, {
			completedAt: completedAt ?? undefined,
			prediction: isKept ? prediction : undefined,
			chars: isKept ? chars : 0,
		});
	}
}

async function readOne(api: PredictionsApi, { kind, id }: CreatedEntry): Promise<Prediction> {
	return await api.read(kindNamed(kind), id, { until: now() + READ_MS });
}

/** A list may leave outputs out. */
function lacksOutput({ status, output }: Prediction): boolean {
	return status === 'succeeded' && (output === undefined || output === null);
}
