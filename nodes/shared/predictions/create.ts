import type { ReplicateClient } from '../api/client';
import { ApiError, ReplicateError, StoppedError } from '../api/errors';
import { sleep } from '../api/sleep';
import type { JsonObject, Prediction } from '../api/types';
import { abandonPrediction } from './cancel';
import { findCreated, type LostCreate } from './find';
import { isPending } from './status';

/** Bounds of `Prefer: wait`, in s (Replicate docs, sync mode). */
export const MAX_HOLD_S = 60;
/** Bounds of `Cancel-After`, in s (OpenAPI document; docs, prediction lifecycle). */
const CANCEL_AFTER_S = { least: 5, most: 86_400 };
/** How much later than our own time limit Replicate's may strike, in s. */
const CANCEL_AFTER_MARGIN_S = 15;
/** When to look for a prediction whose create was not answered, in ms after the failure. */
const LOOKUPS_MS = [0, 1_000, 3_000];

export interface CreateRequest {
	/** `owner/name`, or a version id. */
	version: string;
	input: JsonObject;
}

export interface CreateOptions {
	/** How long Replicate may hold the request until the prediction has ended, in s; 0: not at all. */
	holdSeconds: number;
	/** The time limit of the prediction, in s, after which Replicate itself cancels it. */
	cancelAfterSeconds?: number;
	/** Until when a throttled create is tried again, as a time in ms. */
	deadline: number;
	/** Aborted when the workflow is stopped: a prediction that came to be is then cancelled. */
	signal?: AbortSignal;
	/** Ids of the run's own predictions; the new one is added. */
	claimed: Set<string>;
}

/**
 * Creates a prediction. It is sent once. It is sent again only after a 429 or a connection that was
 * never made, so that nothing is paid twice; when the answer is lost, it is looked for in the list.
 *
 * @returns the prediction, ended or not
 * @throws ApiError     when Replicate refuses it, or it is not known whether it exists
 * @throws StoppedError when the workflow was stopped
 */
export async function createPrediction(
	client: ReplicateClient,
	request: CreateRequest,
	options: CreateOptions,
): Promise<Prediction> {
	for (;;) {
		await untilAllowed(client, options);
		const lost: LostCreate = { ...request, sentAt: Date.now() };
		const answer = await stoppable(
			client,
			lost,
			options,
			async () => await send(client, request, options),
		);
		if (!(answer instanceof Error)) return claim(answer, options);
		const failure = answer instanceof ApiError ? answer.failure : undefined;
		if (failure?.kind === 'status' && failure.status === 429) {
			client.creates.throttled(failure.hintMs);
			if (Date.now() + (failure.hintMs ?? 0) > options.deadline) throw answer;
		} else if (failure && mayHaveBeenCreated(failure)) {
			return claim(await adopt(client, lost, options, answer as ApiError), options);
		} else {
			throw answer;
		}
	}
}

function claim(prediction: Prediction, { claimed }: CreateOptions): Prediction {
	claimed.add(prediction.id);
	return prediction;
}

async function untilAllowed(client: ReplicateClient, options: CreateOptions): Promise<void> {
	await client.creates.enter(options.signal);
	if (options.signal?.aborted) throw new StoppedError('The workflow was stopped');
	if (Date.now() > options.deadline) {
		throw new ReplicateError(
			'The prediction could not be created within the time limit, because Replicate limits how fast this account may create predictions',
			'Nothing was created for this item. Raise Options → Timeout, lower the number of items, or add credit to the account.',
		);
	}
}

/** Sends the create and gives its answer or its error, so that the caller decides in one place. */
async function send(
	client: ReplicateClient,
	{ version, input }: CreateRequest,
	{ holdSeconds, cancelAfterSeconds }: CreateOptions,
): Promise<Prediction | Error> {
	const hold = Math.min(Math.floor(holdSeconds), MAX_HOLD_S);
	const headers: Record<string, string> = {};
	if (hold >= 1) headers.prefer = `wait=${hold}`;
	if (cancelAfterSeconds !== undefined) headers['cancel-after'] = cancelAfter(cancelAfterSeconds);
	return await client
		.create<Prediction>('/predictions', { version, input }, { headers, holdMs: hold * 1_000 })
		.catch((error: Error) => error);
}

function cancelAfter(seconds: number): string {
	const { least, most } = CANCEL_AFTER_S;
	return String(Math.min(Math.max(Math.ceil(seconds) + CANCEL_AFTER_MARGIN_S, least), most));
}

/**
 * Runs a create to its answer also when the workflow is stopped meanwhile, because only the answer
 * tells the id. To cancel sooner than Replicate answers, the prediction is looked for in the list.
 */
async function stoppable(
	client: ReplicateClient,
	lost: LostCreate,
	{ signal, claimed }: CreateOptions,
	run: () => Promise<Prediction | Error>,
): Promise<Prediction | Error> {
	const cancelEarly = async () => {
		const found = await findCreated(client, lost, claimed).catch(() => []);
		if (found.length === 1) await abandonPrediction(client, found[0]!.id);
	};
	const onStop = () => void cancelEarly();
	signal?.addEventListener('abort', onStop, { once: true });
	const answer = await run();
	signal?.removeEventListener('abort', onStop);
	if (!signal?.aborted) return answer;
	if (answer instanceof Error) return new StoppedError('The workflow was stopped');
	if (isPending(answer)) await abandonPrediction(client, answer.id);
	throw new StoppedError(`The workflow was stopped, and prediction ${answer.id} was cancelled`);
}

/** A server error or a broken connection may come after the prediction was created. */
function mayHaveBeenCreated(failure: ApiError['failure']): boolean {
	return failure.kind === 'network' ? failure.sent : failure.status >= 500;
}

/**
 * Finds the prediction of a create whose answer was lost.
 *
 * @throws ApiError when there is none, or more than one that it could be
 */
async function adopt(
	client: ReplicateClient,
	lost: LostCreate,
	{ claimed, signal }: CreateOptions,
	cause: ApiError,
): Promise<Prediction> {
	let candidates: Prediction[] = [];
	for (const pause of LOOKUPS_MS) {
		await sleep(pause, signal);
		candidates = await findCreated(client, lost, claimed).catch(() => []);
		if (candidates.length === 1) return candidates[0]!;
	}
	const ids = candidates.map(({ id }) => id);
	const error = new ApiError(
		`${cause.message}, so it is not known whether the prediction was created`,
		ids.length > 0
			? `It was not sent again, so nothing is paid twice. It is one of these, to be read with Prediction → Get: ${ids.join(', ')}.`
			: 'It was not sent again, so nothing is paid twice. Look at replicate.com/predictions; if it is not there, run this item again.',
		cause.failure,
	);
	if (ids.length > 0) error.details = { possiblePredictionIds: ids };
	throw error;
}
