import { ApiError } from '../api/errors';
import type { Prediction } from '../api/shapes';
import type { CreateRequest, ReadLimits } from './api';
import { cancelForSure } from './cancel';
import { mayHaveDeadline } from './cancelAfter';
import { areEqual, LATE_MS, type Claims, type OpenCreate } from './claims';
import { mayBe, showsAllOf } from './find';
import type { JobKind } from '../models/jobKind';
import type { JobHandle, RecordedJob, JobRecord } from './record';
import { isPending } from './status';

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
interface Window {
	from: number;
	to: number;
}

/**
 * Finds the prediction of a create whose response was lost. It is taken only if it certainly is the
 * create's own: nobody in this process has it, the list shows exactly what was sent and when Replicate
 * was asked to cancel it, and no create of another run could have made it. Creates alike that still wait for their response go first.
 *
 * @throws ApiError when none is certain; it names those that it may be
 */
export async function findLost(
	job: RecordedJob,
	{ target, input }: CreateRequest,
	cause: ApiError,
): Promise<Prediction> {
	const { api, record, deadline } = job;
	const { claims } = api;
	const to = api.now();
	record.lost(to, []);
	claims.lost(record.key, to);
	const { from, cancelAfterSeconds } = claims.openCreate(record.key)!;
	let candidates: Prediction[] = [];
	const rivalsUntil = to + RIVALS_MS;
	for (const pause of LOOKS_MS) {
		await api.sleep(pause);
		while (isAnySent(claims, record) && api.now() < rivalsUntil) await api.sleep(RIVALS_PAUSE_MS);
		const until = Math.max(deadline, api.now() + LOOK_MS);
		const window = { from, to: to + LATE_MS };
		const listed = await listUnclaimed(job, window, { until }).catch(() => undefined);
		if (!listed) continue;
		candidates = listed.filter((prediction) => mayBe(prediction, target, input));
		const own = ownAmong(
			candidates.filter(
				(prediction) =>
					showsAllOf(prediction, input) && mayHaveDeadline(prediction, cancelAfterSeconds),
			),
			record,
			claims,
		);
		if (own) return adopt(job, own);
	}
	claims.unknown(record.key);
	const possible = candidates.filter(({ id }) => !claims.has(id));
	record.lost(to, possible);
	throw unknownError(job.kind, possible, cause);
}

/** Whether a create alike still waits for its response. */
function isAnySent(claims: Claims, { key }: Pick<JobRecord, 'key'>): boolean {
	return claims.rivals(key).some(({ state }) => state === 'sent');
}

/** What the list has of a window that nobody has. @throws ApiError */
export async function listUnclaimed(
	{ api, kind }: Pick<JobHandle, 'api' | 'kind'>,
	{ from, to }: Window,
	limits: ReadLimits,
): Promise<Prediction[]> {
	const listed = await api.list(kind, from, to, limits);
	return listed.filter(({ id }) => !api.claims.has(id));
}

/** Notes that a prediction of the list is the create's own. */
export function adopt({ api, record }: RecordedJob, own: Prediction): Prediction {
	api.claims.claim(own.id, api.now());
	api.claims.settled(record.key);
	record.is(own);
	return own;
}

/**
 * The create's own prediction, if that is certain. Lost creates of the same run that are equal share
 * what is found, one each; any other rival could have made it, too, so then nothing is certain.
 *
 * @param certain those that run exactly what was sent, as far as the list says
 */
export function ownAmong(
	certain: Prediction[],
	{ key, owner }: Pick<JobRecord, 'key' | 'owner'>,
	claims: Claims,
): Prediction | undefined {
	const own = claims.openCreate(key);
	// What another process has sent, and what this one has forgotten, nobody can tell from others'.
	if (!own) return undefined;
	const rivals = claims.rivals(key);
	if (rivals.some((rival) => rival.state === 'sent' || !mayShare(own, rival, owner))) {
		return undefined;
	}
	const free = certain.filter(({ id }) => !claims.has(id));
	return free.length <= 1 + rivals.length ? free[0] : undefined;
}

function mayShare(own: OpenCreate, rival: OpenCreate, owner: string): boolean {
	return rival.owner === owner && areEqual(own, rival);
}

/**
 * Cancels a prediction whose create is still held, when the workflow was stopped: looks for it until
 * the create's response is there. What may be another run's is left alone.
 *
 * @param settled aborted when the response is there
 */
export async function cancelWhileHeld(
	job: RecordedJob,
	{ target, input }: CreateRequest,
	settled: AbortSignal,
): Promise<void> {
	const { api, kind } = job;
	const { key, owner } = job.record;
	const { claims } = api;
	for (; !settled.aborted; await api.sleep(HELD_LOOK_MS, settled).catch(() => undefined)) {
		const own = claims.openCreate(key);
		if (!own) return;
		const window = { from: own.from, to: api.now() + LATE_MS };
		const limits = { until: api.now() + LOOK_MS };
		const listed = await listUnclaimed(job, window, limits).catch(() => []);
		const certain = listed.filter(
			(prediction) =>
				!claims.has(prediction.id) &&
				kind.runs(prediction, target) &&
				showsAllOf(prediction, input) &&
				mayHaveDeadline(prediction, own.cancelAfterSeconds),
		);
		const rivals = claims.rivals(key);
		const areOwn = rivals.every((rival) => rival.owner === owner);
		if (!areOwn || certain.length > 1 + rivals.length || isSettled(settled)) continue;
		await Promise.all(
			certain.filter(isPending).map(async ({ id }) => await cancelForSure(job, id)),
		);
	}
}

/** Whether it came about meanwhile. */
function isSettled({ aborted }: AbortSignal): boolean {
	return aborted;
}

/** Says that it is not known, and which predictions it may be. */
export function unknownError(
	{ noun }: JobKind,
	candidates: Array<Pick<Prediction, 'id'>>,
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
