import { prices } from '../fields/prices';
import type { Item } from '../host/item';
import type { NodeRun } from '../host/nodeRun';
import { triesOf } from '../host/outcome';
import type { ReplicateClient } from '../shared/api/client';
import type { Uploads } from '../shared/files/uploads';
import { predictionsApi, type PredictionsApi } from '../shared/predictions/api';
import { progressText } from '../shared/predictions/progress';
import type { Price } from '../shared/predictions/cost';
import { ReusablePredictions } from '../shared/predictions/reusable';
import type { AwaitedJobs } from './callback/awaitedJobs';
import { EarlyResults, type Awaited } from './callback/earlyResults';
import type { Plan } from './input/plan';
import type { JobSettings, Settings } from './input/settings';
import { Job, type JobWishes, type JobOwner, type JobTerms } from './job';
import { openLedger, type Ledger } from './ledger/ledger';
import { SpendGuard } from './ledger/spendGuard';
import { isPreviewed } from './output/preview';
import { thisProcess } from './process';

/** How much longer than the time limit a stored file must last, in ms: models start late. */
const LASTS_MS = 10 * 60 * 1_000;

/**
 * The jobs of one run of the node, and all that its items share about them. It is handed on to each
 * item, to the end of the run and to its suspension; nothing else keeps a run's state.
 */
export class RunJobs implements JobOwner {
	readonly client: ReplicateClient;
	readonly api: PredictionsApi;
	/** The items that wait for a callback. */
	readonly awaited = new Map<number, Awaited>();
	/** Their results, as far as they were fetched before the suspension. */
	readonly early: EarlyResults;
	private readonly reusable: ReusablePredictions;
	private readonly prices = new Map<number, Price[]>();
	private opened?: { ledger: Ledger; guard: SpendGuard };

	constructor(readonly run: NodeRun) {
		this.client = run.host.client;
		this.api = predictionsApi(this.client);
		this.reusable = new ReusablePredictions(this.api);
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

	get uploads(): Uploads {
		return this.run.uploads;
	}

	/** What this process knows of the jobs that the execution waits for. */
	get known(): AwaitedJobs {
		return thisProcess.executions.of(this.run.executionId);
	}

	/**
	 * What an item's model costs, by Options → Prices; none where they cannot be read, which is then the
	 * item's error.
	 */
	pricesOf = (item: number): Price[] => {
		const known = this.prices.get(item);
		if (known) return known;
		const read = this.readPrices(item);
		this.prices.set(item, read);
		return read;
	};

	private readPrices(item: number): Price[] {
		try {
			return prices.read({
				parameter: (name, fallback, options) =>
					this.run.parameters.get(name, item, fallback, options),
			});
		} catch {
			return [];
		}
	}

	/**
	 * Takes up what an earlier try of the run has created for an item, or creates its job, unless the run
	 * would create more than is allowed.
	 */
	async obtain(item: Item, plan: Plan): Promise<Job> {
		const { model, settings, fingerprint } = plan;
		const { ledger, guard } = this.open();
		const isStreamed = isPreviewed(item, model.schema);
		const isReusing = settings.reuse === 'sameInput' && settings.waitFor === 'result';
		// Whoever watches the text grow would see nothing of an earlier one.
		const reusable = isReusing && !isStreamed ? this.reusable : undefined;
		const wishes: JobWishes = {
			earlier: ledger.earlierFor(item.index, fingerprint),
			place: { item: item.index },
			isStreamed,
			storedForMs: storedForMs(settings),
			reusable,
			permit: async (create) => await guard.withinLimit(item, !reusable, create),
			assertWanted: () => guard.assertStillAffordable(item),
		};
		return await Job.obtain(this, plan, this.terms(item, settings), wishes);
	}

	/**
	 * Checks the limits for an item that creates nothing, because an example takes its prediction's place.
	 *
	 * @throws InputError as for one that would create
	 */
	assertWithinLimits(item: Item, { reuse }: Settings): void {
		this.open().guard.assertHolds(item, reuse === 'never');
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
		const guard = new SpendGuard(ledger, context.getInputData().length, this.pricesOf);
		return (this.opened = { ledger, guard });
	}
}

/**
 * How long a file that Replicate still stores must last to be taken again, where the builder wants that.
 * Not together with Delete Uploads, which would remove it from under another prediction.
 */
function storedForMs({ reuse, deleteUploads, timeoutSeconds }: Settings): number | undefined {
	if (reuse !== 'sameInput' || deleteUploads) return undefined;
	return timeoutSeconds * 1_000 + LASTS_MS;
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
