import { randomUUID } from 'node:crypto';
import type { ReplicateClient } from '../shared/api/client';
import { ApiError } from '../shared/api/errors';
import type { Prediction } from '../shared/api/shapes';
import { sendFiles } from '../shared/files/inputs';
import type { Uploads } from '../shared/files/uploads';
import { kindNamed, type JobKind } from '../shared/models/jobKind';
import type { PredictionsApi, ReadLimits } from '../shared/predictions/api';
import { cancelForSure } from '../shared/predictions/cancel';
import { createPrediction } from '../shared/predictions/create';
import { inputDigest } from '../shared/predictions/find';
import type { JobHandle, JobRecord } from '../shared/predictions/record';
import type { ReusablePredictions } from '../shared/predictions/reusable';
import { assertSucceeded } from '../shared/predictions/status';
import { streamText } from '../shared/predictions/streamText';
import { takeUp } from '../shared/predictions/takeUp';
import { waitForEnd } from '../shared/predictions/wait';
import type { JobPlan } from './input/plan';
import type { Ledger } from './ledger/ledger';
import type { Entry } from './ledger/ledgerState';

/** What the jobs of one run share. */
export interface JobOwner {
	readonly client: ReplicateClient;
	readonly api: PredictionsApi;
	readonly ledger: Ledger;
	/** Files that went up in this run, so that none goes up twice. */
	readonly uploads: Uploads;
}

/** On what terms a job is waited for. */
export type JobTerms = Omit<JobHandle, 'api' | 'kind' | 'record'> & {
	/** Called with a job that is still running whenever it has new log lines. */
	onProgress?: (latest: Prediction) => void;
};

/** How a job is come by. */
export interface JobWishes {
	/** What an earlier try has noted for the same. */
	earlier?: Entry;
	/** Its place in the ledger. */
	place: Pick<Entry, 'item' | 'round'>;
	/** Whether its text is passed on while it is written. */
	isStreamed: boolean;
	/** How long a file must last that Replicate has already, in ms, to be taken; see `UploadOptions`. */
	storedForMs?: number;
	/** Where a result is looked for that is taken instead of creating another one. */
	reusable?: ReusablePredictions;
	/** Lets a create pass, or throws before anything is sent. */
	permit?: <T>(create: () => Promise<T>) => Promise<T>;
	/** The same again whenever its request is about to be sent: it may have waited for long. */
	assertWanted?: () => void;
}

/**
 * A job: what Replicate runs and bills, a prediction or a training. Whatever is created, waited for or
 * cancelled goes through here, for items and for a chat model alike.
 */
export class Job {
	/** As it was last seen; nobody has a job that was not created or read. */
	prediction!: Prediction;
	/** What an earlier try had noted of it, where that has created it. */
	earlier?: Readonly<Entry>;
	/** Why the list of equal results could not be read. */
	lookFailure?: ApiError;

	private constructor(
		private readonly client: ReplicateClient,
		private readonly handle: JobHandle & Pick<JobTerms, 'onProgress'>,
	) {}

	/**
	 * Takes up what an earlier try of the run has created, so that it is not billed again. Else sends the
	 * files and creates the job, or takes an equal result where that is wanted.
	 *
	 * @throws ReplicateError when it could not be created, or it is not known whether it was
	 */
	static async obtain(
		owner: JobOwner,
		plan: JobPlan,
		terms: JobTerms,
		wishes: JobWishes,
	): Promise<Job> {
		const { earlier, place, isStreamed, storedForMs, reusable, permit, assertWanted } = wishes;
		const { client, api, ledger, uploads } = owner;
		const { model, input, files, fingerprint, settings } = plan;
		const { waitFor, onTimeout, timeoutSeconds, webhook, deleteUploads } = settings;
		const { kind } = model;
		const job = new Job(client, { api, kind, ...terms });
		const resumed = earlier && (await Job.resume(owner, plan, earlier, terms));
		if (resumed) return resumed;
		const limits = {
			until: terms.deadline,
			signal: terms.signal,
			storedForMs,
			isDeletedAfterUse: deleteUploads,
		};
		const create = async (): Promise<Job> => {
			const sent = await sendFiles(input, files, settings, uploads, client.baseUrl, limits);
			const equal = await reusable?.findEqual(model, sent.input, terms).catch((error: unknown) => {
				if (!(error instanceof ApiError)) throw error;
				job.lookFailure = error;
				return undefined;
			});
			if (equal) return Object.assign(job, { prediction: equal });
			const record = (job.handle.record = ledger.intend({
				key: randomUUID(),
				...place,
				fingerprint,
				kind: kind.name,
				inputDigest: inputDigest(sent.input),
				...(deleteUploads ? { uploadIds: sent.uploadIds } : {}),
			}));
			// A stream's address comes with the response, so the response must come at once.
			const isHeld = waitFor === 'result' && kind.hasLimits && !isStreamed;
			const isLimited = waitFor !== 'nothing' && onTimeout === 'cancel' && kind.hasLimits;
			const request = { target: model, input: sent.input, webhook };
			const send = async () =>
				await createPrediction({ ...job.handle, record }, request, {
					holdSeconds: isHeld ? timeoutSeconds : 0,
					timeoutSeconds: isLimited ? timeoutSeconds : undefined,
					assertWanted,
				});
			job.prediction = await (permit && reusable ? permit(send) : send());
			return job;
		};
		// What is taken of an earlier run costs nothing, so only its own request needs a permit.
		return await (permit && !reusable ? permit(create) : create());
	}

	/**
	 * @returns `undefined` when it is to be created: it has no result, or never came to be
	 * @throws ReplicateError when it cannot be read, or it is not known whether it exists
	 */
	private static async resume(
		{ client, api, ledger }: JobOwner,
		{ model }: Pick<JobPlan, 'model'>,
		earlier: Entry,
		terms: JobTerms,
	): Promise<Job | undefined> {
		const before = { ...earlier };
		const record = ledger.resume(earlier);
		const job = new Job(client, { api, kind: kindNamed(earlier.kind), record, ...terms });
		const prediction = await takeUp({ ...job.handle, record }, model, earlier);
		return prediction && Object.assign(job, { prediction, earlier: before });
	}

	/** Reads a job by its ID. @throws ApiError when Replicate does not know it */
	static async read(
		{ client, api }: Pick<JobOwner, 'client' | 'api'>,
		kind: JobKind,
		id: string,
		terms: JobTerms,
		limits: ReadLimits,
	): Promise<Job> {
		const job = new Job(client, { api, kind, ...terms });
		job.prediction = await api.read(kind, id, limits);
		return job;
	}

	/**
	 * Cancels a job by its ID. What had ended stays as it is, and is returned as it is.
	 *
	 * @throws ApiError when Replicate refuses it, or cannot be reached for 10 s
	 */
	static async cancel(
		{ api }: Pick<JobOwner, 'api'>,
		kind: JobKind,
		id: string,
	): Promise<Prediction> {
		const { prediction, error } = await cancelForSure({ api, kind }, id, false);
		if (error) throw error;
		return prediction!;
	}

	/** What it is. */
	get kind(): JobKind {
		return this.handle.kind;
	}

	/** Where its steps are written down; a job that this run did not create has no record. */
	get record(): JobRecord | undefined {
		return this.handle.record;
	}

	/** When its time is up, in ms. */
	get deadline(): number {
		return this.handle.deadline;
	}

	/**
	 * Waits until it has ended, in whatever way.
	 *
	 * @param onText called with each new part of its text while it is written, which also tells its end
	 *               early; a stream that breaks is no error
	 * @throws PredictionError when the time is up, or it cannot be read any more
	 * @throws StoppedError    when the workflow was stopped
	 */
	async wait(onText?: (text: string) => void): Promise<Prediction> {
		const { client, handle } = this;
		const stop = new AbortController();
		const streaming = onText && streamText(client, this.prediction, onText, stop.signal);
		const options = { onProgress: handle.onProgress, wakeUp: streaming };
		try {
			return (this.prediction = await waitForEnd(handle, this.prediction, options));
		} finally {
			stop.abort('The prediction has ended');
			await streaming;
		}
	}

	/** Passes on its result. @throws PredictionError where it has none */
	assertSucceeded(): Prediction {
		return assertSucceeded(this.prediction, this.client.baseUrl, this.handle.kind);
	}
}
