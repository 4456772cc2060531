import { PREDICTION_SHAPE, type Prediction } from '../api/shapes';
import type { ReplicateClient } from '../api/client';
import { ApiError, ReplicateError, StoppedError } from '../api/errors';
import { sleep } from '../api/sleep';
import type { InputObject } from '../api/json';
import type { RunTarget } from '../models/runTarget';
import type { WebhookTarget } from '../webhooks/address';
import { abandonPrediction } from './cancel';
import { findCreated, showsAllOf, type LostCreate } from './find';
import { kindOf } from './kind';
import type { OwnCreates } from './ownCreates';
import { isPending } from './status';

/** Bounds of `Prefer: wait`, in s (Replicate docs, sync mode). */
export const MAX_HOLD_S = 60;
/** Bounds of `Cancel-After`, in s (OpenAPI document; docs, prediction lifecycle). */
const CANCEL_AFTER_S = { least: 5, most: 86_400 };
/** How much later than our own time limit Replicate's may strike, in s. */
const CANCEL_AFTER_MARGIN_S = 15;
/** How much later than the time limit a create's response may come, in ms. */
const RESPONSE_MARGIN_MS = 10_000;
/** When to look for a prediction whose create got no response, in ms after the failure. */
const LOOKUPS_MS = [0, 1_000, 3_000];
/** How long a lost create waits for the responses of equal creates, in ms: a hold and its response. */
const OTHERS_MS = 90_000;

export interface CreateRequest {
	run: RunTarget;
	input: InputObject;
	/** Where Replicate sends its webhooks. */
	webhook?: WebhookTarget;
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
	/** The creates of the same node run; the new prediction is added to them. */
	own: OwnCreates;
}

/**
 * Creates a prediction. It is sent once. It is sent again only after a 429 or a connection that was
 * never made, so that nothing is paid for twice; when the response is lost, it is looked for in the
 * list.
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
	const { own } = options;
	for (;;) {
		await untilAllowed(client, request, options);
		const create: LostCreate = { ...request, sentAt: Date.now() };
		own.sent(create);
		const prediction = await tried(client, create, options).finally(() => own.settled(create));
		if (prediction) return prediction;
	}
}

/** One try: the prediction, or `undefined` when a 429 says to try again later. */
async function tried(
	client: ReplicateClient,
	create: LostCreate,
	options: CreateOptions,
): Promise<Prediction | undefined> {
	const result = await stoppable(client, create, options);
	if (!(result instanceof Error)) {
		options.own.ids.add(result.id);
		return result;
	}
	if (!(result instanceof ApiError)) throw result;
	const { failure } = result;
	if (failure.kind === 'status' && failure.status === 429) {
		client.creates.throttled(failure.hintMs);
		if (Date.now() + (failure.hintMs ?? 0) > options.deadline) throw result;
		return undefined;
	}
	if (!mayHaveBeenCreated(failure)) throw result;
	return await adopt(client, create, options, result);
}

async function untilAllowed(
	client: ReplicateClient,
	{ run }: CreateRequest,
	options: CreateOptions,
): Promise<void> {
	const isOpen = await client.creates.enter(options.signal, options.deadline);
	if (options.signal?.aborted) throw new StoppedError();
	if (!isOpen || Date.now() > options.deadline) {
		throw new ReplicateError(
			`The ${kindOf(run).noun} could not be created within the time limit, because Replicate limits how fast this account may create predictions`,
			{ code: 'createTimedOut' },
		);
	}
}

/** Sends the create and returns the prediction or the error, so that the caller decides in one place. */
async function send(
	client: ReplicateClient,
	{ run, input, webhook }: CreateRequest,
	{ holdSeconds, cancelAfterSeconds, deadline }: CreateOptions,
): Promise<Prediction | Error> {
	const hold = Math.min(Math.floor(holdSeconds), MAX_HOLD_S);
	const headers: Record<string, string> = {};
	if (hold >= 1) headers.prefer = `wait=${hold}`;
	if (cancelAfterSeconds !== undefined) headers['cancel-after'] = cancelAfter(cancelAfterSeconds);
	const { version, deployment, training } = run;
	const body = {
		...(deployment || training ? {} : { version }),
		...(training ? { destination: training.destination } : {}),
		input,
		...(webhook ? { webhook: webhook.url, webhook_events_filter: webhook.events } : {}),
	};
	return await client
		.create(pathOf(run), body, {
			shape: PREDICTION_SHAPE,
			headers,
			holdMs: hold * 1_000,
			until: deadline + RESPONSE_MARGIN_MS,
		})
		.catch((error: Error) => error);
}

function pathOf({ version, deployment, training }: RunTarget): string {
	if (training) return `/models/${training.model}/versions/${version}/trainings`;
	return deployment ? `/deployments/${deployment}/predictions` : '/predictions';
}

function cancelAfter(seconds: number): string {
	const { least, most } = CANCEL_AFTER_S;
	return String(Math.min(Math.max(Math.ceil(seconds) + CANCEL_AFTER_MARGIN_S, least), most));
}

/**
 * Sends a create and waits for its response even when the workflow is stopped meanwhile, because only
 * the response has the id. To cancel before Replicate responds, the prediction is looked for in the
 * list.
 */
async function stoppable(
	client: ReplicateClient,
	create: LostCreate,
	options: CreateOptions,
): Promise<Prediction | Error> {
	const { signal, own } = options;
	const cancelEarly = async () => {
		const listed = await findCreated(client, create, own.ids).catch(() => []);
		const found = listed.filter((prediction) => showsAllOf(prediction, create));
		if (found.length > own.alike(create)) return;
		await Promise.all(
			found.map(async ({ id }) => await abandonPrediction(client, id, kindOf(create.run))),
		);
	};
	const onStop = () => void cancelEarly();
	signal?.addEventListener('abort', onStop, { once: true });
	const result = await send(client, create, options);
	signal?.removeEventListener('abort', onStop);
	if (!signal?.aborted) return result;
	if (result instanceof Error) return new StoppedError();
	if (isPending(result)) await abandonPrediction(client, result.id, kindOf(create.run));
	throw new StoppedError(
		`The workflow was stopped, and ${kindOf(create.run).noun} ${result.id} was cancelled`,
	);
}

/** A server error or a broken connection may come after the prediction was created. */
function mayHaveBeenCreated(failure: ApiError['failure']): boolean {
	return failure.kind === 'network' ? failure.sent : failure.status >= 500;
}

/**
 * Finds the prediction of a create whose response was lost. Equal creates that still wait for their
 * response go first: until they have it, what is theirs cannot be told from ours.
 *
 * @throws ApiError when none is certain to be the run's own
 */
async function adopt(
	client: ReplicateClient,
	create: LostCreate,
	{ own, signal, deadline }: CreateOptions,
	cause: ApiError,
): Promise<Prediction> {
	own.lost(create);
	const othersUntil = Date.now() + OTHERS_MS;
	let candidates: Prediction[] = [];
	for (const pause of LOOKUPS_MS) {
		await sleep(pause, signal);
		while (own.alike(create, 'sent') > 0 && Date.now() < othersUntil) await sleep(500, signal);
		const listed = await findCreated(client, create, own.ids, deadline).catch(() => []);
		// Another lost create may have adopted one while the list was read.
		candidates = listed.filter(({ id }) => !own.ids.has(id));
		const certain = candidates.filter((prediction) => showsAllOf(prediction, create));
		const isOwn = own.alike(create, 'sent') === 0 && certain.length <= own.alike(create, 'lost');
		if (certain[0] && isOwn) {
			own.ids.add(certain[0].id);
			return certain[0];
		}
	}
	throw unknown(create, candidates, cause);
}

/** Says that the outcome is unknown, and which predictions it may be. */
function unknown({ run }: LostCreate, candidates: Prediction[], cause: ApiError): ApiError {
	const ids = candidates.map(({ id }) => id);
	const { noun } = kindOf(run);
	return new ApiError(
		`${cause.message}, so it is not known whether the ${noun} was created`,
		{ code: 'createUnknown', noun, ids },
		cause.failure,
		undefined,
		ids.length > 0 ? { possiblePredictionIds: ids } : {},
	);
}
