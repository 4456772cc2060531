import type { SentObject, SentValue } from '../api/jsonBody';
import type { Prediction } from '../api/shapes';
import { lookUntil } from '../api/timeLimit';
import type { JobTarget } from '../models/jobKind';
import type { PredictionsApi, ReadLimits } from './api';
import { inputDigest, showsAllOf } from './find';
import type { JobHandle } from './record';

/**
 * How old a prediction may be to be taken again, in ms since its creation. Replicate removes outputs an
 * hour after the end (docs, data retention), and their download needs some of it.
 */
const REUSABLE_MS = 50 * 60 * 1_000;

/**
 * Predictions of the account that can be taken again, for one run of the node: the list is read once,
 * however many items ask.
 */
export class ReusablePredictions {
	private listed?: Promise<Prediction[]>;

	constructor(private readonly api: PredictionsApi) {}

	/**
	 * The newest prediction that ran the target on exactly this input and still has its result.
	 *
	 * @returns `undefined` where there is none, and where the list could not show whether the input is
	 *          the same: data URIs and numbers beyond 2^53
	 * @throws ApiError when the list cannot be read, or could not for an item before
	 */
	async findEqual(
		target: JobTarget,
		input: SentObject,
		{ signal, deadline }: Pick<JobHandle, 'signal' | 'deadline'>,
	): Promise<Prediction | undefined> {
		if (inputDigest(input) === undefined || holdsWideNumber(input)) return undefined;
		const limits = { signal, until: lookUntil(deadline, this.api.now()) };
		const isEqual = (one: Prediction) =>
			one.status === 'succeeded' && target.kind.runs(one, target) && showsAllOf(one, input);
		const newestFirst = (one: Prediction, other: Prediction) =>
			Date.parse(other.created_at ?? '') - Date.parse(one.created_at ?? '');
		const candidates = (await this.listRecent(target, limits)).filter(isEqual).sort(newestFirst);
		for (const { id } of candidates) {
			// The list may be older than the result's removal.
			const latest = await this.api.read(target.kind, id, limits);
			const hasResult = latest.output !== null && latest.output !== undefined;
			if (hasResult && isEqual(latest)) return latest;
		}
		return undefined;
	}

	/** A reading that failed is not begun again: each item would wait for it anew. */
	private async listRecent({ kind }: JobTarget, limits: ReadLimits): Promise<Prediction[]> {
		const now = this.api.now();
		return await (this.listed ??= this.api.list(kind, now - REUSABLE_MS, now, limits));
	}
}

/** JSON reads whole numbers beyond 2^53 as the nearest one, so two of them may look the same. */
function holdsWideNumber(value: SentValue): boolean {
	if (typeof value === 'bigint') return true;
	if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value);
	if (typeof value !== 'object' || value === null) return false;
	return Object.values(value).some(holdsWideNumber);
}
