import type { ApiError } from '../api/errors';
import { errorFromNetwork } from '../api/networkError';
import type { Prediction } from '../api/shapes';
import type { PredictionsApi, ReadLimits } from './api';
import { Claims, LATE_MS } from './claims';
import { inputDigest } from './find';
import type { RunTarget } from '../models/runKind';
import { unknownError } from './lost';
import type { RunRecord } from './record';
import { isPending } from './status';

/** What is known of a create of an earlier try. */
export interface EarlierCreate {
	state: 'intended' | 'created' | 'ended' | 'unknown';
	id?: string;
	status?: string;
	/** When it was sent and, where its response was lost, when; in ms. */
	from: number;
	to?: number;
	/** Of the input that was sent, where the list can show all of it. */
	inputDigest?: string;
}

/**
 * What an earlier try of the same run has created, so that it is not billed again: one that runs or
 * has succeeded is taken up, one whose response was lost is looked for.
 *
 * @returns `undefined` when it is to be created: it failed, or was cancelled
 * @throws ApiError when it cannot be read, or it is still not known whether it exists
 */
export async function takeUp(
	api: PredictionsApi,
	target: RunTarget,
	earlier: EarlierCreate,
	record: RunRecord,
	limits: ReadLimits,
): Promise<Prediction | undefined> {
	const { id, state, status } = earlier;
	if (state === 'ended' && status !== 'succeeded') return undefined;
	const prediction =
		id === undefined
			? await findEarlier(api, target, earlier, record, limits)
			: await api.read(target.kind, id, limits);
	record.is(prediction);
	return isPending(prediction) || prediction.status === 'succeeded' ? prediction : undefined;
}

async function findEarlier(
	api: PredictionsApi,
	target: RunTarget,
	{ from, to = api.now(), inputDigest: digest }: EarlierCreate,
	{ key }: RunRecord,
	limits: ReadLimits,
): Promise<Prediction> {
	const claims = Claims.of(api.account);
	const listed = await api.list(target.kind, from, to + LATE_MS, limits);
	const candidates = listed.filter(
		(prediction) => !claims.has(prediction.id) && target.kind.runs(prediction, target),
	);
	const certain = candidates.filter(
		({ input }) => digest !== undefined && inputDigest(input ?? {}) === digest,
	);
	if (certain.length === 1 && claims.rivals(key).length === 0) {
		claims.claim(certain[0]!.id, api.now());
		claims.settled(key);
		return certain[0]!;
	}
	throw unknownError(target.kind, candidates, lostBefore(api));
}

function lostBefore({ baseUrl }: PredictionsApi): ApiError {
	return errorFromNetwork(baseUrl.origin, 'LOST_BEFORE', true);
}
