import type { Item } from '../../host/item';
import type { ReplicateClient } from '../../shared/api/client';
import { ApiError } from '../../shared/api/errors';
import type { SentObject } from '../../shared/api/jsonBody';
import type { Prediction } from '../../shared/api/shapes';
import { StoredFiles } from '../../shared/files/storedFiles';
import type { FindStored } from '../../shared/files/uploads';
import type { JobTarget } from '../../shared/models/jobKind';
import type { PredictionsApi, ReadLimits } from '../../shared/predictions/api';
import { ReusablePredictions } from '../../shared/predictions/reusable';
import type { Settings } from '../input/settings';
import type { JobHandle } from '../../shared/predictions/record';

/** How much longer than the time limit a stored file must last, in ms: models start late. */
const LASTS_MS = 10 * 60 * 1_000;

/** How long a look for what can be taken again may take at most, in ms, and as a part of an item's time. */
const LOOK_MS = 30_000;
const LOOK_SHARE = 1 / 4;

const NOT_CALLED =
	'Options → Webhook URL was not called for results that were reused: their predictions had ended before.';

/** Until when an item waits, and what stops it. */
type Terms = Pick<JobHandle, 'signal' | 'deadline'>;

/** What one run of the node can take again instead of paying for it. */
export class Reuse {
	private readonly predictions: ReusablePredictions;
	private readonly files: StoredFiles;

	constructor(
		client: ReplicateClient,
		private readonly api: PredictionsApi,
	) {
		this.predictions = new ReusablePredictions(api);
		this.files = new StoredFiles(client);
	}

	/**
	 * Finds files that Replicate still stores, where the builder wants them to be taken again. Not together
	 * with Delete Uploads, which would remove them from under another prediction.
	 */
	fileFinder(
		{ reuse, deleteUploads, timeoutSeconds }: Settings,
		terms: Terms,
	): FindStored | undefined {
		if (reuse !== 'sameInput' || deleteUploads) return undefined;
		const { api, files } = this;
		return async (file) => {
			const until = api.now() + timeoutSeconds * 1_000 + LASTS_MS;
			return await files.find(file, until, this.limits(terms));
		};
	}

	/** Finds an equal prediction of the account that has its result, where the builder wants it taken. */
	resultFinder(item: Item, target: JobTarget, { reuse, waitFor, webhook }: Settings, terms: Terms) {
		if (reuse !== 'sameInput' || waitFor !== 'result') return undefined;
		return async (input: SentObject): Promise<Prediction | undefined> =>
			await this.predictions
				.findEqual(target, input, this.limits(terms))
				.then((found) => {
					if (found && webhook) item.warn([NOT_CALLED]);
					return found;
				})
				.catch((error: unknown) => {
					if (!(error instanceof ApiError)) throw error;
					item.warn([
						`Earlier results could not be read, so a new prediction was created: ${error.message}`,
					]);
					return undefined;
				});
	}

	/** How long the account's lists are looked at: most of an item's time is for what it creates then. */
	private limits({ signal, deadline }: Terms): ReadLimits {
		const now = this.api.now();
		return { signal, until: now + Math.min(LOOK_MS, Math.max(deadline - now, 0) * LOOK_SHARE) };
	}
}
