import type { Item } from '../host/item';
import type { NodeRun } from '../host/nodeRun';
import { triesOf } from '../host/outcome';
import type { ReplicateClient } from '../shared/api/client';
import type { Uploads } from '../shared/files/uploads';
import { predictionsApi, type PredictionsApi } from '../shared/predictions/api';
import { progressText } from '../shared/predictions/progress';
import type { AwaitedJobs } from './callback/awaitedJobs';
import { EarlyResults, type Awaited } from './callback/earlyResults';
import type { Plan } from './input/plan';
import type { JobSettings } from './input/settings';
import { Job, type CreateWishes, type JobOwner, type JobTerms } from './job';
import { openLedger, type Ledger } from './ledger/ledger';
import { Reuse } from './ledger/reuse';
import { SpendGuard } from './ledger/spendGuard';
import { Spending } from './ledger/spending';
import { isPreviewed } from './output/preview';
import { thisProcess } from './process';

/**
 * The jobs of one run of the node, and all that its items share about them. It is handed on to each
 * item, to the end of the run and to its suspension; nothing else keeps a run's state.
 */
export class RunJobs implements JobOwner {
	readonly client: ReplicateClient;
	readonly api: PredictionsApi;
	readonly uploads: Uploads;
	/** What its ended jobs used. */
	readonly spending = new Spending();
	/** The items that wait for a callback. */
	readonly awaited = new Map<number, Awaited>();
	/** Their results, as far as they were fetched before the suspension. */
	readonly early: EarlyResults;
	private readonly reuse: Reuse;
	private opened?: { ledger: Ledger; guard: SpendGuard };

	constructor(readonly run: NodeRun) {
		this.client = run.host.client;
		this.api = predictionsApi(this.client);
		this.uploads = run.uploads;
		this.reuse = new Reuse(this.client, this.api);
		this.early = new EarlyResults(this);
	}

	/**
	 * What the run has created. It is opened when it is first asked for: most operations create nothing.
	 *
	 * @throws ParameterError where another version of this package has kept it
	 */
	get ledger(): Ledger {
		return this.open().ledger;
	}

	/** Whether this version can read what n8n has kept of an earlier try; else it creates nothing. */
	get isReadable(): boolean {
		try {
			return this.open() !== undefined;
		} catch {
			return false;
		}
	}

	/** Whether n8n will try the node again after an error, so that running jobs may go on. */
	get willRetry(): boolean {
		return this.ledger.tries < triesOf(this.run.node);
	}

	/** What this process knows of the jobs that the execution waits for. */
	get known(): AwaitedJobs {
		return thisProcess.executions.of(this.run.executionId);
	}

	/** Creates the job of one item, unless the run would create more than is allowed. */
	async create(item: Item, plan: Plan): Promise<Job> {
		const { model, settings } = plan;
		const { guard } = this.open();
		const terms = this.terms(item, settings);
		const isStreamed = isPreviewed(item, model.schema);
		// Whoever watches the text grow would see nothing of an earlier one.
		const findEqual = isStreamed
			? undefined
			: this.reuse.resultFinder(item, model, settings, terms);
		const create = async (permit?: CreateWishes['permit']) =>
			await Job.create(this, plan, terms, {
				place: { item: item.index },
				isStreamed,
				findStored: this.reuse.fileFinder(settings, terms),
				findEqual,
				permit,
			});
		if (!findEqual) return await guard.withinLimit(item, true, async () => await create());
		// What is taken of an earlier run costs nothing, so it does not count.
		return await create(async (sending) => await guard.withinLimit(item, false, sending));
	}

	/** Takes up what an earlier try of the run has created for an item; `undefined` to create it. */
	async resume(item: Item, plan: Plan): Promise<Job | undefined> {
		const earlier = this.ledger.earlierFor(item.index, plan.fingerprint);
		return earlier && (await Job.resume(this, plan, earlier, this.terms(item, plan.settings)));
	}

	/** How long an item waits for its job, and what becomes of the job then. */
	private terms(item: Item, { timeoutSeconds, onTimeout }: JobSettings): JobTerms {
		const { run } = this;
		return {
			...watching(item, timeoutSeconds),
			onTimeout,
			// With Retry On Fail, an error leaves the other items' jobs for the next try.
			onStop: () => (this.willRetry && !run.stoppedByUser ? 'leave' : 'cancel'),
		};
	}

	private open() {
		if (this.opened) return this.opened;
		const { id: owner, runIndex, executionId: execution, memory, context } = this.run;
		const ledger = openLedger(memory, { runIndex, execution, owner });
		this.api.claims.claimAll(ledger.ids);
		const guard = new SpendGuard(ledger, context.getInputData().length);
		return (this.opened = { ledger, guard });
	}
}

/** The terms for a job that the run has not created: it is only waited for, and runs on else. */
export function watching(item: Item, timeoutSeconds: number): JobTerms {
	const { run, signal } = item;
	return {
		deadline: item.deadline(timeoutSeconds),
		onTimeout: 'leave',
		onStop: () => 'leave',
		signal,
		onProgress: (latest) => run.showProgress(latest.id, progressText(latest)),
	};
}
