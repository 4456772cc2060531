import { ApiError } from '../api/errors';
import { errorFromNetwork } from '../api/networkError';
import type { Prediction } from '../api/shapes';
import type { PredictionsApi } from './api';
import { mayHaveDeadline } from './cancelAfter';
import { LATE_MS, VERY_LATE_MS } from './claims';
import { inputDigest } from './find';
import type { JobTarget } from '../models/jobKind';
import { adopt, listUnclaimed, ownAmong, unknownError } from './lost';
import type { RecordedJob } from './record';
import { isPending } from './status';
import { unreadableError } from './wait';

/** How often a prediction is read that Replicate does not know yet, and the pause between, in ms. */
const MISSING = { reads: 3, pauseMs: 1_000 };

/** What is known of a create of an earlier try. */
interface EarlierCreate {
	state: 'intended' | 'created' | 'ended' | 'unknown';
	id?: string;
	status?: string;
	/** When it was sent and, where its response was lost, when; in ms. */
	from: number;
	to?: number;
	/** Of the input that was sent, where the list can show all of it. */
	inputDigest?: string;
	/** After how many seconds Replicate was asked to cancel it. */
	cancelAfterSeconds?: number;
	/** The ids that it may have, as far as an earlier look has shown them. */
	possibleIds?: string[];
}

/**
 * What an earlier try of the same run has created, so that it is not billed again: one that runs or
 * has succeeded is taken up, one whose response was lost is looked for.
 *
 * @param job    of the kind that the earlier try has created
 * @param target what is to be created else
 * @returns `undefined` when it is to be created: it failed, was cancelled, never came to be, or
 *          Replicate has removed its result
 * @throws PredictionError when it cannot be read
 * @throws ApiError        when it is still not known whether it exists
 */
export async function takeUp(
	job: RecordedJob,
	target: JobTarget,
	earlier: EarlierCreate,
): Promise<Prediction | undefined> {
	const { id, state, status } = earlier;
	if (state === 'ended' && status !== 'succeeded') return undefined;
	const prediction =
		id === undefined
			? await findEarlier({ ...job, kind: target.kind }, target, earlier)
			: await readEarlier(job, { ...earlier, id });
	if (!prediction) return undefined;
	job.record.is(prediction);
	const isKept = prediction.status === 'succeeded' && !prediction.data_removed;
	return isPending(prediction) || isKept ? prediction : undefined;
}

/** @returns `undefined` for one that the credential's account does not have, of long ago */
async function readEarlier(
	{ api, kind, record, signal, deadline }: RecordedJob,
	{ id, status = 'unknown', from }: EarlierCreate & { id: string },
): Promise<Prediction | undefined> {
	const limits = { signal, until: deadline };
	for (let reads = 1; ; reads++) {
		const response = await api.read(kind, id, limits).catch((error: Error) => error);
		if (!(response instanceof Error)) return response;
		if (signal?.aborted) throw response;
		const isMissing = response instanceof ApiError && response.status === 404;
		if (isMissing && api.now() - from > VERY_LATE_MS) return undefined;
		if (!isMissing || reads === MISSING.reads) {
			record.became('leftRunning');
			throw unreadableError({ id, status }, response, kind);
		}
		await api.sleep(MISSING.pauseMs, signal);
	}
}

/** @returns `undefined` when it certainly never came to be */
async function findEarlier(
	job: RecordedJob,
	target: JobTarget,
	earlier: EarlierCreate,
): Promise<Prediction | undefined> {
	const { from, to = job.api.now(), inputDigest: digest, possibleIds = [] } = earlier;
	const { api, kind, record, signal, deadline } = job;
	const limits = { signal, until: deadline };
	const list = async (until: number) =>
		await listUnclaimed(job, { from, to: until }, limits).catch((error: Error) => {
			if (!(error instanceof ApiError)) throw error;
			throw unknownError(
				kind,
				possibleIds.map((id) => ({ id })),
				error,
			);
		});
	const listed = await list(to + VERY_LATE_MS);
	const candidates = listed.filter(
		(prediction) => kind.runs(prediction, target) && mayShow(prediction, digest),
	);
	if (candidates.length === 0 && api.now() - to > VERY_LATE_MS) {
		api.claims.settled(record.key);
		record.refused();
		return undefined;
	}
	const inTime = await list(to + LATE_MS);
	const certain = inTime.filter(
		(one) =>
			candidates.some(({ id }) => id === one.id) &&
			digest !== undefined &&
			inputDigest(one.input ?? {}) === digest &&
			mayHaveDeadline(one, earlier.cancelAfterSeconds),
	);
	const own = ownAmong(certain, record, api.claims);
	if (own) return adopt(job, own);
	throw unknownError(kind, candidates, lostBefore(api));
}

/** Whether the list shows this input, or not as much of it as to tell. */
function mayShow({ input }: Prediction, digest: string | undefined): boolean {
	if (digest === undefined || !input || Object.keys(input).length === 0) return true;
	return inputDigest(input) === digest;
}

function lostBefore({ baseUrl }: PredictionsApi): ApiError {
	return errorFromNetwork(baseUrl.origin, 'LOST_BEFORE', true);
}
