import { ApiError } from '../api/errors';
import type { Prediction } from '../api/shapes';
import type { CreateRequest, PredictionsApi } from './api';
import { cancelForSure } from './cancel';
import { Claims, LATE_MS } from './claims';
import { mayBe, showsAllOf } from './find';
import type { RunKind } from '../models/runKind';
import type { RunRecord } from './record';

/** When to look for a prediction whose create got no response, in ms after the look before. */
const LOOKS_MS = [0, 1_000, 3_000, 6_000];
/** How often a create that is still held is looked for when the workflow was stopped, in ms. */
const HELD_LOOK_MS = 1_000;
/** How long one look into the list may take at least, in ms: it can have many pages. */
const LOOK_MS = 30_000;
/** How long a lost create waits for the responses of creates alike, in ms: a hold and its response. */
const RIVALS_MS = 90_000;
/** How often it asks whether they are there, in ms. */
const RIVALS_PAUSE_MS = 500;

/** When a create was sent and lost, in ms. */
export interface Window {
	from: number;
	to: number;
}

/**
 * Finds the prediction of a create whose response was lost. It is taken only if it certainly is the
 * create's own: nobody in this process has it, the list shows exactly what was sent, and no create of
 * another run could have made it. Creates alike that still wait for their response go first.
 *
 * @throws ApiError when none is certain; it names those that it may be
 */
export async function findLost(
	api: PredictionsApi,
	request: CreateRequest,
	record: RunRecord,
	cause: ApiError,
	options: { deadline: number },
): Promise<Prediction> {
	const to = api.now();
	record.lost(to, []);
	const claims = Claims.of(api.account);
	const from = claims.lost(record.key, to);
	let candidates: Prediction[] = [];
	const rivalsUntil = to + RIVALS_MS;
	for (const pause of LOOKS_MS) {
		await api.sleep(pause);
		while (isAnySent(claims, record) && api.now() < rivalsUntil) await api.sleep(RIVALS_PAUSE_MS);
		candidates = await look(api, request, { from, to }, options.deadline).catch(() => candidates);
		const own = ownAmong(candidates, request, record, claims);
		if (own) {
			claims.claim(own.id, api.now());
			claims.settled(record.key);
			record.is(own);
			return own;
		}
	}
	claims.unknown(record.key);
	record.lost(to, candidates);
	throw unknownError(request.target.kind, candidates, cause);
}

/** Whether a create alike still waits for its response. */
function isAnySent(claims: Claims, { key }: RunRecord): boolean {
	return claims.rivals(key).some(({ state }) => state === 'sent');
}

/** What the list has of the window that the create can have made and that nobody has. */
async function look(
	api: PredictionsApi,
	{ target, input }: CreateRequest,
	{ from, to }: Window,
	deadline: number,
): Promise<Prediction[]> {
	const until = Math.max(deadline, api.now() + LOOK_MS);
	const listed = await api.list(target.kind, from, to + LATE_MS, { until });
	const claims = Claims.of(api.account);
	return listed.filter(
		(prediction) => !claims.has(prediction.id) && mayBe(prediction, target, input),
	);
}

/**
 * The create's own prediction, if that is certain. Lost creates of the same run that are alike share
 * what is found, one each; any other rival could have made it, too, so then nothing is certain.
 */
function ownAmong(
	candidates: Prediction[],
	{ input }: CreateRequest,
	{ key, owner }: RunRecord,
	claims: Claims,
): Prediction | undefined {
	const rivals = claims.rivals(key);
	if (rivals.some((rival) => rival.owner !== owner || rival.state === 'sent')) return undefined;
	const free = candidates.filter(({ id }) => !claims.has(id));
	const certain = free.filter((prediction) => showsAllOf(prediction, input));
	return certain.length <= 1 + rivals.length ? certain[0] : undefined;
}

/**
 * Cancels a prediction whose create is still held, when the workflow was stopped: looks for it until
 * the create's response is there. What may be another run's is left alone.
 *
 * @param settled aborted when the response is there
 */
export async function cancelWhileHeld(
	api: PredictionsApi,
	request: CreateRequest,
	{ key, owner }: RunRecord,
	settled: AbortSignal,
): Promise<void> {
	const claims = Claims.of(api.account);
	const from = claims.sentAt(key) ?? api.now();
	while (!settled.aborted) {
		const found = await look(api, request, { from, to: api.now() }, 0).catch(() => []);
		const rivals = claims.rivals(key);
		const certain = found.filter((prediction) => showsAllOf(prediction, request.input));
		const isOwn = rivals.every((rival) => rival.owner === owner);
		if (isOwn && !settled.aborted && certain.length <= 1 + rivals.length && certain.length > 0) {
			const { kind } = request.target;
			await Promise.all(certain.map(async ({ id }) => await cancelForSure(api, kind, id)));
			return;
		}
		await api.sleep(HELD_LOOK_MS, settled).catch(() => undefined);
	}
}

/** Says that it is not known, and which predictions it may be. */
export function unknownError(
	{ noun }: RunKind,
	candidates: Prediction[],
	cause: ApiError,
): ApiError {
	const ids = candidates.map(({ id }) => id);
	return new ApiError(
		`${cause.message}, so it is not known whether the ${noun} was created`,
		{ code: 'createUnknown', noun, ids },
		cause.failure,
		undefined,
		ids.length > 0 ? { possiblePredictionIds: ids } : {},
	);
}
