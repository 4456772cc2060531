import { PREDICTION_SHAPE } from '../api/answers';
import type { ReplicateClient } from '../api/client';
import { ApiError, ReplicateError, StoppedError } from '../api/errors';
import { sleep } from '../api/sleep';
import { whenAborted } from '../api/stop';
import type { InputObject, Prediction } from '../api/types';
import type { WebhookTarget } from '../webhooks/address';
import { abandonPrediction } from './cancel';
import { findCreated, kindOf, showsAllOf, type LostCreate, type RunTarget } from './find';
import type { OwnCreates } from './ownCreates';
import { isPending } from './status';

/** Bounds of `Prefer: wait`, in s (Replicate docs, sync mode). */
export const MAX_HOLD_S = 60;
/** Bounds of `Cancel-After`, in s (OpenAPI document; docs, prediction lifecycle). */
const CANCEL_AFTER_S = { least: 5, most: 86_400 };
/** How much later than our own time limit Replicate's may strike, in s. */
const CANCEL_AFTER_MARGIN_S = 15;
/** How much later than the time limit a create's answer may come, in ms. */
const ANSWER_MARGIN_MS = 10_000;
/** When to look for a prediction whose create was not answered, in ms after the failure. */
const LOOKUPS_MS = [0, 1_000, 3_000];
/** How many predictions an error names; its details have all. */
const MOST_NAMED = 10;
/** How long a lost create waits for the answers of creates alike, in ms: a hold and its answer. */
const OTHERS_MS = 90_000;

export interface CreateRequest {
	run: RunTarget;
	input: InputObject;
	/** Where Replicate sends word. */
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
	const { own } = options;
	for (;;) {
		await untilAllowed(client, options);
		const create: LostCreate = { ...request, sentAt: Date.now() };
		own.sent(create);
		const prediction = await answered(client, create, options).finally(() => own.settled(create));
		if (prediction) return prediction;
	}
}

/** One try: the prediction, or `undefined` when a 429 says to try again later. */
async function answered(
	client: ReplicateClient,
	create: LostCreate,
	options: CreateOptions,
): Promise<Prediction | undefined> {
	const answer = await stoppable(client, create, options);
	if (!(answer instanceof Error)) {
		options.own.ids.add(answer.id);
		return answer;
	}
	const failure = answer instanceof ApiError ? answer.failure : undefined;
	if (failure?.kind === 'status' && failure.status === 429) {
		client.creates.throttled(failure.hintMs);
		if (Date.now() + (failure.hintMs ?? 0) > options.deadline) throw answer;
		return undefined;
	}
	if (!failure || !mayHaveBeenCreated(failure)) throw answer;
	return await adopt(client, create, options, answer as ApiError);
}

async function untilAllowed(client: ReplicateClient, options: CreateOptions): Promise<void> {
	const isOpen = await client.creates.enter(options.signal, options.deadline);
	if (options.signal?.aborted) throw new StoppedError('The workflow was stopped');
	if (!isOpen || Date.now() > options.deadline) {
		throw new ReplicateError(
			'It could not be created within the time limit, because Replicate limits how fast this account may create predictions',
			'Nothing was created for this item. Raise Options → Timeout, lower the number of items, or add credit to the account.',
		);
	}
}

/** Sends the create and gives its answer or its error, so that the caller decides in one place. */
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
			until: deadline + ANSWER_MARGIN_MS,
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
 * Sends a create and waits for its answer also when the workflow is stopped meanwhile, because only
 * the answer tells the id. To cancel sooner than Replicate answers, it is looked for in the list.
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
	const letGo = signal ? whenAborted(signal, () => void cancelEarly()) : () => undefined;
	const answer = await send(client, create, options);
	letGo();
	if (!signal?.aborted) return answer;
	if (answer instanceof Error) return new StoppedError('The workflow was stopped');
	if (isPending(answer)) await abandonPrediction(client, answer.id, kindOf(create.run));
	throw new StoppedError(
		`The workflow was stopped, and ${kindOf(create.run).noun} ${answer.id} was cancelled`,
	);
}

/** A server error or a broken connection may come after the prediction was created. */
function mayHaveBeenCreated(failure: ApiError['failure']): boolean {
	return failure.kind === 'network' ? failure.sent : failure.status >= 500;
}

/**
 * Finds the prediction of a create whose answer was lost. Creates alike that still wait for their
 * answer go first: what is theirs cannot be told from ours before they have it.
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

/** Says that nobody knows, and which predictions it may be. */
function unknown({ run }: LostCreate, candidates: Prediction[], cause: ApiError): ApiError {
	const ids = candidates.map(({ id }) => id);
	const listed = ids.slice(0, MOST_NAMED).join(', ');
	const more = ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : '';
	const { noun, resource } = kindOf(run);
	const error = new ApiError(
		`${cause.message}, so it is not known whether the ${noun} was created`,
		ids.length > 0
			? `It was not sent again, so nothing is paid twice. If it was created, it is one of these, to be read with ${resource} → Get: ${listed}${more}.`
			: 'It was not sent again, so nothing is paid twice. Look at replicate.com/predictions; if it is not there, run this item again.',
		cause.failure,
	);
	if (ids.length > 0) error.details = { possiblePredictionIds: ids };
	return error;
}
