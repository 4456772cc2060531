import { createHash, randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { ParameterError } from '../fields/parameterError';
import { maxPredictions as maxPredictionsField } from '../fields/spending';
import type { SubNode } from '../host/subNode';
import type { ReplicateClient } from '../shared/api/client';
import { now } from '../shared/api/clock';
import type { InputObject } from '../shared/api/json';
import type { Prediction } from '../shared/api/shapes';
import { withFilesSent, type FileInput } from '../shared/files/inputs';
import { DEFAULT_DATA_URI_MAX_BYTES } from '../shared/files/route';
import { Uploads } from '../shared/files/uploads';
import type { RunnableModel } from '../shared/models/models';
import { predictionsApi, type PredictionsApi } from '../shared/predictions/api';
import { createPrediction } from '../shared/predictions/create';
import { inputDigest } from '../shared/predictions/find';
import type { JobRecord } from '../shared/predictions/record';
import { assertSucceeded } from '../shared/predictions/status';
import { takeUp } from '../shared/predictions/takeUp';
import { waitForEnd } from '../shared/predictions/wait';
import { fingerprintOf } from './input/fingerprint';
import { Ledger, type Entry, type LedgerState } from './ledger/ledger';
import { claimAll, keptLedger, LEDGER_KEY, triesOf } from './paidRun';
import { withText } from './withText';

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

/** Images travel as all files do: by their size. */
const ROUTING = { fileRouting: 'auto', dataUriMaxBytes: DEFAULT_DATA_URI_MAX_BYTES } as const;

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

/** Tries that run: n8n hands the node's memory to each of its calls. */
const running = new WeakMap<IDataObject, Answers>();

/**
 * The predictions that answer the questions of one try of the served node. A later try of the same run
 * gets the answers that an earlier one has paid for, but for those that came last: the failure may be
 * theirs, as when a chain cannot parse an answer, and a model gives another when it is asked again.
 */
export class Answers {
	/** Files that went up in this try, so that none goes up twice. */
	private readonly uploads: Uploads;
	private readonly client: ReplicateClient;
	private readonly api: PredictionsApi;
	private readonly ledger: Ledger;
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

	private constructor(
		{ runIndex, executionId: execution, client, served }: SubNode,
		private readonly memory: IDataObject,
	) {
		this.client = client;
		const kept = keptLedger(memory);
		const isSameRun = kept?.runIndex === runIndex;
		const state = Ledger.begin(kept, { runIndex, execution, owner: randomUUID() });
		memory[LEDGER_KEY] = state as LedgerState & IDataObject;
		if (!isSameRun || memory[ROUND_KEY] === undefined) this.round = { number: 0, hasFailed: true };
		this.api = predictionsApi(client);
		this.ledger = new Ledger(state);
		claimAll(this.ledger);
		this.willRetry = this.ledger.tries < triesOf(served ?? {});
		this.earlier = [...this.ledger.entries];
		this.creates = this.earlier.length;
		const { number, hasFailed } = this.round;
		this.suspect = hasFailed ? undefined : number;
		this.uploads = new Uploads(client, async () => await Promise.resolve([]));
	}

	/**
	 * Those of the running try, or of a new one. n8n asks for a chat model again for each item, and an
	 * agent that is the tool of another one may have the same model.
	 */
	static open(subNode: SubNode): Answers {
		const { memory } = subNode;
		const answers = running.get(memory) ?? new Answers(subNode, memory);
		running.set(memory, answers);
		answers.users += 1;
		return answers;
	}

	/**
	 * One of n8n's calls has ended, in whatever way. With the last one, the try has: what still runs is
	 * cancelled, or left for the next try, as when one of several items has failed.
	 */
	async close(): Promise<void> {
		this.users -= 1;
		if (this.users > 0) return;
		running.delete(this.memory);
		this.over.abort('The chain or agent has ended');
		await Promise.allSettled(this.running);
	}

	private get round(): Round {
		return this.memory[ROUND_KEY] as unknown as Round;
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

	private async answer(asked: Question): Promise<Prediction> {
		const { model, input, files, asker } = asked;
		const signals = [asked.signal ?? [], this.over.signal].flat();
		const question = { ...asked, signal: AbortSignal.any(signals) };
		const ofRun = await fingerprintOf(model, input, files);
		const fingerprint = createHash('sha256')
			.update(JSON.stringify([asker.served?.name, asker.runIndex, ofRun]))
			.digest('hex');
		const time = this.asked.get(fingerprint) ?? 0;
		this.asked.set(fingerprint, time + 1);
		const deadline = now() + question.timeoutSeconds * 1_000;
		const started =
			(await this.takenUp(question, { fingerprint, time }, deadline)) ??
			(await this.created(question, { fingerprint, time }, deadline));
		const ended = await this.ended(question, started, deadline);
		const succeeded = assertSucceeded(ended, this.client.baseUrl, model.kind);
		started.record.became('collected');
		return succeeded;
	}

	/** What an earlier try has for the same question, unless its answer may be why that try failed. */
	private async takenUp(
		{ model, signal }: Question,
		{ fingerprint, time }: Asked,
		deadline: number,
	): Promise<Started | undefined> {
		const entry = this.earlier.findLast(
			(one) => one.fingerprint === fingerprint && one.item === time,
		);
		if (!entry || (entry.outcome === 'collected' && entry.round === this.suspect)) return undefined;
		const record = this.ledger.resume(entry);
		const limits = { signal, until: deadline };
		const prediction = await takeUp(this.api, model.kind, model, entry, record, limits);
		return prediction && { prediction, record };
	}

	private async created(
		{ model, input, files, signal, timeoutSeconds, maxPredictions, onText }: Question,
		{ fingerprint, time }: Asked,
		deadline: number,
	): Promise<Started> {
		if (this.creates >= maxPredictions) {
			throw new ParameterError(
				`${maxPredictionsField.label} allows ${maxPredictions}, and this run has created as many`,
				'Nothing more was created. Raise the limit, or find out why the model is asked so often.',
			);
		}
		this.creates += 1;
		const { baseUrl } = this.client;
		const limits = { until: deadline, signal };
		const sent = await withFilesSent(input, files, ROUTING, this.uploads, baseUrl, limits);
		const record = this.ledger.intend({
			key: randomUUID(),
			item: time,
			fingerprint,
			kind: model.kind.name,
			inputDigest: inputDigest(sent.input),
			round: this.round.number,
		});
		const request = { target: model, input: sent.input };
		const prediction = await createPrediction(this.api, request, record, {
			// A stream's address comes with the response, so the response must come at once.
			holdSeconds: onText ? 0 : timeoutSeconds,
			cancelAfterSeconds: timeoutSeconds,
			deadline,
			signal,
			onStop: this.onStop(signal),
		});
		return { prediction, record };
	}

	/** What becomes of a prediction that nobody waits for: only the next try may still want it. */
	private onStop(signal: AbortSignal | undefined): () => 'cancel' | 'leave' {
		const isLeft = () => signal?.reason === this.over.signal.reason && this.willRetry;
		return () => (isLeft() ? 'leave' : 'cancel');
	}

	/** Waits for the end, and passes the text on while it is written. */
	private async ended(
		{ model, signal, onText }: Question,
		{ prediction, record }: Started,
		deadline: number,
	): Promise<Prediction> {
		const options = { kind: model.kind, deadline, signal, record };
		const wait = async (api: PredictionsApi) =>
			await waitForEnd(api, prediction, {
				...options,
				onTimeout: 'cancel',
				onStop: this.onStop(signal),
			});
		if (!onText) return await wait(this.api);
		return await withText(this.client, prediction, this.api, onText, wait);
	}
}

/** Which question it is: what is asked, and how often it was asked before in the same try. */
interface Asked {
	fingerprint: string;
	time: number;
}

interface Started {
	prediction: Prediction;
	record: JobRecord;
}
