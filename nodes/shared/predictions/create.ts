import { ApiError, ReplicateError, StoppedError } from '../api/errors';
import { retryDelayMs } from '../api/retry';
import type { Prediction } from '../api/shapes';
import { whenAborted } from '../api/stop';
import type { CreateLimits, CreateRequest } from './api';
import { stopJob } from './cancel';
import { cancelAfterOf } from './cancelAfter';
import { inputDigest, listable } from './find';
import { cancelWhileHeld, findLost } from './lost';
import type { RecordedJob } from './record';

/** The most that `Prefer: wait` takes, in s (Replicate docs, sync mode). */
const MAX_HOLD_S = 60;
/** The most for an input that the list does not show, such as a file inside the request, in s. */
const MAX_UNLISTED_HOLD_S = 5;
/** How much later than the time limit a create's response may come, in ms. */
const RESPONSE_MARGIN_MS = 10_000;

export interface CreateOptions {
	/** How long Replicate may hold the request until the prediction has ended, in s; 0: not at all. */
	holdSeconds: number;
	/** The time limit of the prediction, in s, soon after which Replicate itself cancels it. */
	timeoutSeconds?: number;
	/**
	 * Called whenever it is about to be sent, at once or after it had to wait for the account's limit. Throws
	 * where it is not wanted any more.
	 */
	assertWanted?: () => void;
}

/**
 * Creates a prediction. It is sent once. It is sent again only after a 429 or a connection that was
 * never made, so that nothing is billed twice; when the response is lost, it is looked for in the
 * list. Until its deadline a throttled create is tried again, and one that never left a few times; each
 * time it asks the gate, which another create's 429 may have closed meanwhile.
 *
 * @returns the prediction, ended or not
 * @throws ApiError     when Replicate refuses it, or it is not known whether it exists
 * @throws StoppedError when the workflow was stopped, or whoever asked left
 */
export async function createPrediction(
	job: RecordedJob,
	request: CreateRequest,
	{ holdSeconds, timeoutSeconds, assertWanted }: CreateOptions,
): Promise<Prediction> {
	const { api, record, signal, deadline } = job;
	const cancelAfterSeconds =
		timeoutSeconds === undefined ? undefined : cancelAfterOf(timeoutSeconds);
	/** What the last refusal for speed said. */
	let said: string | undefined;
	/** How often no connection was made. */
	let unsent = 0;
	for (;;) {
		await waitUntilAllowed(job, said);
		assertWanted?.();
		noteIntention(job, request, cancelAfterSeconds);
		const response = await sendStoppable(job, request, { holdSeconds, cancelAfterSeconds });
		const failure = response instanceof ApiError ? response.failure : undefined;
		if (!(response instanceof Error)) {
			api.claims.claim(response.id, api.now());
			api.claims.settled(record.key);
			record.is(response);
			return signal?.aborted ? await stopJob(job, response) : response;
		}
		if (failure && mayHaveBeenCreated(failure)) {
			const found = await findLost(job, request, response as ApiError);
			return signal?.aborted ? await stopJob(job, found) : found;
		}
		api.claims.settled(record.key);
		record.refused();
		if (signal?.aborted) throw new StoppedError(signal);
		if (failure?.kind === 'network') {
			const pause = retryDelayMs('create', failure, ++unsent);
			if (pause === undefined || api.now() + pause > deadline) throw response;
			await api.sleep(pause, signal);
			continue;
		}
		if (failure?.status !== 429 || failure.isFinal) throw response;
		said = saidIn(response);
		api.throttled(failure.hintMs);
		if (api.now() + (failure.hintMs ?? 0) > deadline) throw response;
	}
}

/** Waits until the account may create. @throws ReplicateError when the deadline comes first */
async function waitUntilAllowed(
	{ api, kind, signal, deadline }: RecordedJob,
	said: string | undefined,
): Promise<void> {
	// Where the time was over before, no limit of Replicate's is to blame.
	const wasOver = api.now() > deadline;
	const isOpen = !wasOver && (await api.mayCreate(signal, deadline));
	if (signal?.aborted) throw new StoppedError(signal);
	if (!isOpen || api.now() > deadline) {
		throw new ReplicateError(
			`The ${kind.noun} could not be created within the time limit${isOpen || wasOver ? '' : ', because Replicate limits how fast this account may create predictions'}`,
			{ code: 'createTimedOut', ...(said === undefined ? {} : { said }) },
		);
	}
}

/** Notes that the create is about to be sent: in the ledger, and for whoever looks for a lost one. */
function noteIntention(
	{ api, record }: RecordedJob,
	{ target, input }: CreateRequest,
	cancelAfterSeconds: number | undefined,
): void {
	const from = api.now();
	record.intended(from, cancelAfterSeconds);
	api.claims.opened(record.key, {
		target,
		shown: listable(input),
		digest: inputDigest(input),
		owner: record.owner,
		state: 'sent',
		from,
		cancelAfterSeconds,
	});
}

function saidIn(response: Error): string | undefined {
	const facts = response instanceof ApiError ? response.facts : undefined;
	return facts?.code === 'throttled' ? facts.said : undefined;
}

/**
 * Sends the create and waits for its response also when the workflow is stopped meanwhile, because
 * only the response has the id. To cancel sooner than Replicate responds, it is looked for in the list.
 */
async function sendStoppable(
	job: RecordedJob,
	request: CreateRequest,
	limits: Omit<CreateLimits, 'until'>,
): Promise<Prediction | Error> {
	const { api, signal, onStop } = job;
	let settled: AbortController | undefined;
	const cancel = () => {
		if (onStop() !== 'cancel') return;
		settled = new AbortController();
		void cancelWhileHeld(job, request, settled.signal);
	};
	const release = signal ? whenAborted(signal, cancel) : () => undefined;
	const response = await api
		.create(request, limitsOf(limits, request, job.deadline, api.now()))
		.catch((error: Error) => error);
	release();
	settled?.abort('The response is there');
	return response;
}

function limitsOf(
	{ holdSeconds, ...more }: Omit<CreateLimits, 'until'>,
	{ input }: CreateRequest,
	deadline: number,
	now: number,
): CreateLimits {
	const leftSeconds = Math.max((deadline - now) / 1_000, 0);
	return {
		...more,
		holdSeconds: Math.floor(Math.min(holdSeconds, leftSeconds, maxHoldSeconds(input))),
		until: deadline + RESPONSE_MARGIN_MS,
	};
}

/** A stop cancels what is held as soon as the list shows it, and else when the hold ends. */
function maxHoldSeconds(input: CreateRequest['input']): number {
	return inputDigest(input) === undefined ? MAX_UNLISTED_HOLD_S : MAX_HOLD_S;
}

/** A server error, a gateway's timeout or a broken connection may come after it was created. */
function mayHaveBeenCreated(failure: ApiError['failure']): boolean {
	return failure.kind === 'network'
		? failure.sent
		: failure.status >= 500 || failure.status === 408;
}
