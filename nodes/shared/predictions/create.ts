import { ApiError, ReplicateError, StoppedError } from '../api/errors';
import type { Prediction } from '../api/shapes';
import { whenAborted } from '../api/stop';
import type { CreateLimits, CreateRequest, PredictionsApi } from './api';
import { cancelRecorded, fateOf } from './cancel';
import { inputDigest, listable } from './find';
import { cancelWhileHeld, findLost } from './lost';
import type { JobRecord } from './record';
import { isPending } from './status';
import { stoppedError } from './stopped';

/** The most that `Prefer: wait` takes, in s (Replicate docs, sync mode). */
export const MAX_HOLD_S = 60;
/** Bounds of `Cancel-After`, in s (OpenAPI document; docs, prediction lifecycle). */
const CANCEL_AFTER_S = { min: 5, max: 86_400 };
/** How much later than our own time limit Replicate's may strike, in s. */
const CANCEL_AFTER_MARGIN_S = 15;
/** How much later than the time limit a create's response may come, in ms. */
const RESPONSE_MARGIN_MS = 10_000;

export interface CreateOptions {
	/** How long Replicate may hold the request until the prediction has ended, in s; 0: not at all. */
	holdSeconds: number;
	/** The time limit of the prediction, in s, after which Replicate itself cancels it. */
	cancelAfterSeconds?: number;
	/** Until when a throttled create is tried again, as a time in ms. */
	deadline: number;
	/** Aborted when the workflow is stopped. */
	signal?: AbortSignal;
	/** What becomes of a new prediction when the workflow is stopped. */
	onStop: () => 'cancel' | 'leave';
}

/**
 * Creates a prediction. It is sent once. It is sent again only after a 429 or a connection that was
 * never made, so that nothing is billed twice; when the response is lost, it is looked for in the
 * list.
 *
 * @returns the prediction, ended or not
 * @throws ApiError     when Replicate refuses it, or it is not known whether it exists
 * @throws StoppedError when the workflow was stopped
 */
export async function createPrediction(
	api: PredictionsApi,
	request: CreateRequest,
	record: JobRecord,
	options: CreateOptions,
): Promise<Prediction> {
	const { claims } = api;
	for (;;) {
		await untilAllowed(api, request, options);
		const from = api.now();
		record.intended(from);
		const { target, input } = request;
		claims.opened(record.key, {
			target,
			shown: listable(input),
			digest: inputDigest(input),
			owner: record.owner,
			state: 'sent',
			from,
		});
		const response = await sendStoppable(api, request, record, options);
		if (!(response instanceof Error)) {
			claims.claim(response.id, api.now());
			claims.settled(record.key);
			record.is(response);
			return options.signal?.aborted
				? await stopCreated(api, request, record, options, response)
				: response;
		}
		const failure = response instanceof ApiError ? response.failure : undefined;
		if (failure && mayHaveBeenCreated(failure)) {
			const found = await findLost(api, request, record, response as ApiError, options);
			return options.signal?.aborted
				? await stopCreated(api, request, record, options, found)
				: found;
		}
		claims.settled(record.key);
		record.refused();
		if (options.signal?.aborted) throw new StoppedError();
		if (failure?.kind !== 'status' || failure.status !== 429) throw response;
		api.throttled(failure.hintMs);
		if (api.now() + (failure.hintMs ?? 0) > options.deadline) throw response;
	}
}

async function untilAllowed(
	api: PredictionsApi,
	{ target }: CreateRequest,
	{ signal, deadline }: CreateOptions,
): Promise<void> {
	const isOpen = await api.mayCreate(signal, deadline);
	if (signal?.aborted) throw new StoppedError();
	if (!isOpen || api.now() > deadline) {
		throw new ReplicateError(
			`The ${target.kind.noun} could not be created within the time limit${isOpen ? '' : ', because Replicate limits how fast this account may create predictions'}`,
			{ code: 'createTimedOut' },
		);
	}
}

/**
 * Sends the create and waits for its response also when the workflow is stopped meanwhile, because
 * only the response has the id. To cancel sooner than Replicate responds, it is looked for in the list.
 */
async function sendStoppable(
	api: PredictionsApi,
	request: CreateRequest,
	record: JobRecord,
	options: CreateOptions,
): Promise<Prediction | Error> {
	const { signal, onStop } = options;
	let settled: AbortController | undefined;
	const cancel = () => {
		if (onStop() !== 'cancel') return;
		settled = new AbortController();
		void cancelWhileHeld(api, request, record, settled.signal);
	};
	const release = signal ? whenAborted(signal, cancel) : () => undefined;
	const response = await api
		.create(request, limitsOf(options, api.now()))
		.catch((error: Error) => error);
	release();
	settled?.abort('The response is there');
	return response;
}

function limitsOf(
	{ holdSeconds, cancelAfterSeconds, deadline }: CreateOptions,
	now: number,
): CreateLimits {
	const leftSeconds = Math.max((deadline - now) / 1_000, 0);
	const { min, max } = CANCEL_AFTER_S;
	const limited = (seconds: number) =>
		Math.min(Math.max(Math.ceil(seconds) + CANCEL_AFTER_MARGIN_S, min), max);
	return {
		holdSeconds: Math.floor(Math.min(holdSeconds, leftSeconds, MAX_HOLD_S)),
		...(cancelAfterSeconds === undefined
			? {}
			: { cancelAfterSeconds: limited(cancelAfterSeconds) }),
		until: deadline + RESPONSE_MARGIN_MS,
	};
}

/** A server error, a gateway's timeout or a broken connection may come after it was created. */
function mayHaveBeenCreated(failure: ApiError['failure']): boolean {
	return failure.kind === 'network'
		? failure.sent
		: failure.status >= 500 || failure.status === 408;
}

/** Ends what was created although the workflow was stopped meanwhile. */
async function stopCreated(
	api: PredictionsApi,
	{ target }: CreateRequest,
	record: JobRecord,
	{ onStop }: CreateOptions,
	prediction: Prediction,
): Promise<never> {
	const { kind } = target;
	if (!isPending(prediction)) throw stoppedError(kind, prediction, fateOf(prediction));
	if (onStop() === 'leave') {
		record.became('leftForRetry');
		throw stoppedError(kind, prediction, 'running');
	}
	const { fate, prediction: latest = prediction } = await cancelRecorded(
		api,
		kind,
		prediction,
		record,
	);
	throw stoppedError(kind, latest, fate);
}
