import type { IDataObject } from 'n8n-workflow';
import pMap from 'p-map';
import type { NodeRun } from '../../host/nodeRun';
import { isNested } from '../../shared/api/json';
import type { Prediction } from '../../shared/api/shapes';
import { kindNamed } from '../../shared/models/jobKind';
import type { PredictionsApi } from '../../shared/predictions/api';
import { OUTPUT_KEPT_MS, isPending } from '../../shared/predictions/status';
import type { OutputSettings } from '../input/outputSettings';
import type { Ledger } from '../ledger/ledger';
import { FORMAT, isCreated, type CreatedEntry } from '../ledger/ledgerState';
import { collectResult, isCollected, type Collected } from '../output/collectResult';
import { PARALLEL_READS, type AwaitedJobs } from './awaitedJobs';

/** The key of the results in what n8n keeps for the node. */
const EARLY_KEY = 'early';
/** The age at which a run that still creates looks for results that would expire, in ms. */
const DUE_MS = OUTPUT_KEPT_MS / 3;
/** Younger ones are looked for, too, when it looks, in ms. */
const LOOKED_FOR_MS = OUTPUT_KEPT_MS / 6;
/** How long before it expires a result must be fetched, in ms. */
export const EXPIRY_MARGIN_MS = OUTPUT_KEPT_MS / 6;

/** How an item waits for a callback. */
export interface Awaited {
	timeoutSeconds: number;
	onTimeout: 'cancel' | 'leave';
	output: OutputSettings;
	deleteUploads: boolean;
}

/** The run whose results they are. */
export interface AwaitingRun {
	readonly run: NodeRun;
	readonly api: PredictionsApi;
	readonly ledger: Ledger;
	/** The items that wait for a callback. */
	readonly awaited: Map<number, Awaited>;
	/** What this process knows of the predictions that the execution waits for. */
	readonly known: AwaitedJobs;
}

/**
 * The results of a run whose items wait for callbacks, as far as they must be fetched before it is
 * suspended: creating many predictions can take hours where Replicate limits creates. Ages are by
 * Replicate's clock.
 */
export class EarlyResults {
	/** When each was last seen running, by its id, in ms. */
	private readonly seenRunning = new Map<string, number>();
	private isLooking = false;
	/** When the first result can be due, in ms by Replicate's clock: later creates are due later. */
	private dueAt = -Infinity;

	constructor(private readonly jobs: AwaitingRun) {}

	/** What became of a prediction, where it was fetched. What cannot be read is fetched anew. */
	of(id: string): Collected | undefined {
		const kept = this.kept?.[id];
		return isCollected(kept) ? kept : undefined;
	}

	/** What of the run is not fetched, in the order of creation. */
	get open(): CreatedEntry[] {
		const { ledger, awaited } = this.jobs;
		return [...awaited.keys()]
			.flatMap((index) => {
				const entry = ledger.of(index);
				return isCreated(entry) && !this.of(entry.id) ? [entry] : [];
			})
			.sort((one, other) => one.from - other.from);
	}

	/** In how many ms the first result that is not fetched could expire. */
	get expiresIn(): number {
		const ages = this.open.map((entry) => this.age(entry));
		return OUTPUT_KEPT_MS - Math.max(...ages, -Infinity);
	}

	/** To be called after each create. It never throws: what failed is tried again after the next. */
	async afterCreate(): Promise<void> {
		if (this.isLooking || this.now < this.dueAt) return;
		this.dueAt = this.now + this.expiresIn - (OUTPUT_KEPT_MS - DUE_MS);
		if (this.now < this.dueAt) return;
		this.isLooking = true;
		await this.fetchOlder(LOOKED_FOR_MS).catch(() => undefined);
		this.isLooking = false;
	}

	/**
	 * To be called when all is created: n8n has refused the callbacks that have come until now. Fetches
	 * all where all have ended, else what would expire. It never throws.
	 */
	async beforeSuspension(): Promise<void> {
		const { api, known } = this.jobs;
		try {
			const isRunning = await known.isAnyRunning(api, this.open);
			await this.fetchOlder(isRunning ? LOOKED_FOR_MS : -Infinity);
		} catch {
			// The callbacks that come, or n8n's timer, settle it.
		}
	}

	/** What was fetched is in the suspension from here on. */
	clear(): void {
		delete this.jobs.run.memory[EARLY_KEY];
	}

	private async fetchOlder(ms: number): Promise<void> {
		const { api, ledger, awaited, known } = this.jobs;
		const due = this.open.filter((entry) => this.age(entry) >= ms);
		const read = await known.readAll(api, due);
		await pMap(
			due,
			async (entry) => {
				const prediction = read.get(entry.id)!;
				ledger.record(entry).is(prediction);
				if (isPending(prediction)) this.seenRunning.set(entry.id, this.now);
				else await this.fetch(entry, prediction, awaited.get(entry.item)!.output);
			},
			{ concurrency: PARALLEL_READS },
		);
	}

	private async fetch(
		entry: CreatedEntry,
		prediction: Prediction,
		output: OutputSettings,
	): Promise<void> {
		const { host, models, signal } = this.jobs.run;
		const collected = await collectResult({ host, models, signal }, entry, prediction, output);
		// What was stopped is not fetched.
		if (signal.aborted) return;
		this.jobs.run.memory[EARLY_KEY] = {
			format: FORMAT,
			results: { ...this.kept, [entry.id]: collected as unknown as IDataObject },
		};
	}

	/** How long ago it can have ended at most. A training's result does not expire. */
	private age({ id, kind, createdAt }: CreatedEntry): number {
		if (kindNamed(kind).noun === 'training') return -Infinity;
		const since = this.seenRunning.get(id) ?? Date.parse(createdAt ?? '');
		return Number.isNaN(since) ? 0 : this.now - since;
	}

	private get now(): number {
		return this.jobs.run.host.client.serverNow();
	}

	private get kept(): IDataObject | undefined {
		const early = this.jobs.run.memory[EARLY_KEY];
		if (!isNested(early) || early.format !== FORMAT) return undefined;
		return isNested(early.results) ? (early.results as IDataObject) : undefined;
	}
}
