import { createHash, randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { ParameterError } from '../fields/parameterError';
import { maxPredictions as maxPredictionsField } from '../fields/spending';
import type { SubNode } from '../host/subNode';
import { triesOf } from '../host/outcome';
import type { ReplicateClient } from '../shared/api/client';
import { now } from '../shared/api/clock';
import { isNested, type InputObject } from '../shared/api/json';
import type { Prediction } from '../shared/api/shapes';
import { StopReason } from '../shared/api/stop';
import type { FileInput } from '../shared/files/inputs';
import { DEFAULT_DATA_URI_MAX_BYTES } from '../shared/files/route';
import { Uploads } from '../shared/files/uploads';
import type { RunnableModel } from '../shared/models/models';
import { predictionsApi, type PredictionsApi } from '../shared/predictions/api';
import { fingerprintOf } from '../shared/predictions/fingerprint';
import { Job, type JobOwner, type JobTerms } from './job';
import { openLedger, type Ledger } from './ledger/ledger';
import { keptLedger, type Entry } from './ledger/ledgerState';

/** What a model is asked once. */
export interface Question {
	model: RunnableModel;
	input: InputObject;
	/** Images that fill one of its inputs. */
	files: FileInput[];
	/** In s. */
	timeoutSeconds: number;
	/** The most predictions that one run of the served node may create. */
	maxPredictions: number;
	/** Aborted when nobody waits for the answer any more. */
	signal?: AbortSignal;
	/** Called with each new part of the text while it is written. */
	onText?: (text: string) => void;
	/** Whose question it is: the served node and its run. */
	asker: Pick<SubNode, 'served' | 'runIndex'>;
}

/** An answer is always waited for, and its images travel as all files do: by their size. */
const SETTINGS = {
	fileRouting: 'auto',
	dataUriMaxBytes: DEFAULT_DATA_URI_MAX_BYTES,
	waitFor: 'result',
	onTimeout: 'cancel',
	deleteUploads: false,
} as const;

/** The key of the last round in what n8n keeps for the node. */
const ROUND_KEY = 'lastRound';

/**
 * Questions that overlap in time, as a chain asks for several items at once. When the served node
 * fails after a round in which every question was answered, one of these answers did not serve.
 */
interface Round {
	number: number;
	/** Whether a question of the round failed by itself, which explains the failure. */
	hasFailed: boolean;
}

const NO_ROUND: Round = { number: 0, hasFailed: true };

function isRound(kept: unknown): kept is Round {
	return isNested(kept) && typeof kept.number === 'number' && typeof kept.hasFailed === 'boolean';
}

/**
 * The predictions that answer the questions of one try of the served node. A later try of the same run
 * gets the answers that an earlier one has paid for, but for those that came last: the failure may be
 * theirs, as when a chain cannot parse an answer, and a model gives another when it is asked again.
 */
export class Answers implements JobOwner {
	readonly uploads: Uploads;
	readonly client: ReplicateClient;
	readonly api: PredictionsApi;
	readonly ledger: Ledger;
	private readonly memory: IDataObject;
	/** How often each question was asked in this try. */
	private readonly asked = new Map<string, number>();
	/** What earlier tries have, each under its question. */
	private readonly earlier: Entry[];
	private readonly suspect: number | undefined;
	/** How many predictions this run has created, or tried to. */
	private creates: number;
	/** How many of n8n's calls work with this try. */
	private users = 0;
	private readonly running = new Set<Promise<unknown>>();
	/** Aborted when the try has ended, so that nobody waits for an answer any more. */
	private readonly over = new AbortController();
	private readonly willRetry: boolean;

	constructor({ runIndex, executionId: execution, client, served, memory }: SubNode) {
		this.client = client;
		this.memory = memory;
		const isSameRun = keptLedger(memory)?.runIndex === runIndex;
		this.ledger = openLedger(memory, { runIndex, execution, owner: randomUUID() });
		if (!isSameRun || !isRound(memory[ROUND_KEY])) this.round = NO_ROUND;
		this.api = predictionsApi(client);
		this.api.claims.claimAll(this.ledger.ids);
		this.willRetry = this.ledger.tries < triesOf(served ?? {});
		this.earlier = [...this.ledger.entries];
		this.creates = this.earlier.length;
		const { number, hasFailed } = this.round;
		this.suspect = hasFailed ? undefined : number;
		this.uploads = new Uploads(client);
	}

	/** Whether the try has ended. */
	get isOver(): boolean {
		return this.over.signal.aborted;
	}

	/** Another of n8n's calls works with this try. */
	join(): void {
		this.users += 1;
	}

	/**
	 * One of n8n's calls has ended, in whatever way. With the last one, the try has: what still runs is
	 * cancelled, or left for the next try, as when one of several items has failed.
	 */
	async close(): Promise<void> {
		this.users -= 1;
		if (this.users === 0) await this.end();
	}

	/** The try has ended, whoever still works with it. */
	async end(): Promise<void> {
		this.over.abort(new StopReason('The chain or agent has ended'));
		await Promise.allSettled(this.running);
	}

	private get round(): Round {
		const kept = this.memory[ROUND_KEY];
		return isRound(kept) ? kept : NO_ROUND;
	}

	private set round(round: Round) {
		this.memory[ROUND_KEY] = { ...round };
	}

	/**
	 * The prediction that answers a question, at its end.
	 *
	 * @throws ReplicateError that says what is wrong, and what was created
	 */
	async ask(question: Question): Promise<Prediction> {
		if (this.running.size === 0) {
			this.round = { number: this.round.number + 1, hasFailed: false };
		}
		const answering = this.answer(question);
		this.running.add(answering);
		return await answering
			.catch((error: unknown) => {
				this.round = { ...this.round, hasFailed: true };
				throw error;
			})
			.finally(() => this.running.delete(answering));
	}

	private async answer(question: Question): Promise<Prediction> {
		const { model, input, files, timeoutSeconds, onText } = question;
		const terms = this.terms(question);
		const fingerprint = await fingerprintOfQuestion(question);
		const time = this.asked.get(fingerprint) ?? 0;
		this.asked.set(fingerprint, time + 1);
		const place = { item: time, round: this.round.number };
		const settings = { ...SETTINGS, timeoutSeconds };
		const plan = { model, input, files, fingerprint, settings };
		const earlier = this.earlierFor(fingerprint, time);
		const job = await Job.obtain(this, plan, terms, {
			earlier,
			place,
			isStreamed: onText !== undefined,
			permit: async (create) => {
				this.noteCreate(question);
				return await create();
			},
		});
		// Where this try fails with it, it is as suspect as one that was asked for now.
		if (job.earlier) earlier!.round = place.round;
		await job.wait(onText);
		const succeeded = job.assertSucceeded();
		job.record?.became('collected');
		return succeeded;
	}

	/** What an earlier try has for the same question, unless its answer may be why that try failed. */
	private earlierFor(fingerprint: string, time: number): Entry | undefined {
		const entry = this.earlier.findLast(
			(one) => one.fingerprint === fingerprint && one.item === time,
		);
		if (!entry) return undefined;
		// Also in later tries, where the answer that is asked for now never comes to be.
		if (entry.outcome === 'collected' && entry.round === this.suspect) entry.isPassedOver = true;
		if (entry.isPassedOver) return undefined;
		return entry;
	}

	/** @throws ParameterError where another create would be more than is allowed */
	private noteCreate({ maxPredictions }: Question): void {
		if (this.creates >= maxPredictions) {
			throw new ParameterError(
				`${maxPredictionsField.label} allows ${maxPredictions}, and this run has created as many`,
				'Nothing more was created. Raise the limit, or find out why the model is asked so often.',
			);
		}
		this.creates += 1;
	}

	private terms({ timeoutSeconds, signal: asked }: Question): JobTerms {
		const { over, willRetry } = this;
		const signal = AbortSignal.any([asked ?? [], over.signal].flat());
		// Of a job that nobody waits for, only the next try may still want the answer.
		const isLeft = () => signal.reason === over.signal.reason && willRetry;
		return {
			deadline: now() + timeoutSeconds * 1_000,
			onTimeout: 'cancel',
			onStop: () => (isLeft() ? 'leave' : 'cancel'),
			signal,
		};
	}
}

/** Tells whether two questions are the same: the served node and its run, and what is to run. */
async function fingerprintOfQuestion({ model, input, files, asker }: Question): Promise<string> {
	const ofJob = await fingerprintOf(model, input, files);
	return createHash('sha256')
		.update(JSON.stringify([asker.served?.name, asker.runIndex, ofJob]))
		.digest('hex');
}
