import type { Item } from '../../host/item';
import type { ReplicateClient } from '../../shared/api/client';
import { ApiError } from '../../shared/api/errors';
import type { SentObject } from '../../shared/api/jsonBody';
import type { Prediction } from '../../shared/api/shapes';
import { StoredFiles } from '../../shared/files/storedFiles';
import type { FindStored } from '../../shared/files/uploads';
import type { JobTarget } from '../../shared/models/jobKind';
import type { PredictionsApi } from '../../shared/predictions/api';
import { ReusablePredictions } from '../../shared/predictions/reusable';
import type { Settings } from '../input/settings';

/** How much longer than the time limit a stored file must last, in ms: models start late. */
const LASTS_MS = 10 * 60 * 1_000;

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
	fileFinder({ reuse, deleteUploads, timeoutSeconds }: Settings): FindStored | undefined {
		if (reuse !== 'sameInput' || deleteUploads) return undefined;
		const { api, files } = this;
		return async (file) => await files.find(file, api.now() + timeoutSeconds * 1_000 + LASTS_MS);
	}

	/** Finds an equal prediction of the account that has its result, where the builder wants it taken. */
	resultFinder(item: Item, target: JobTarget, { reuse, waitFor }: Settings) {
		if (reuse !== 'sameInput' || waitFor !== 'result') return undefined;
		return async (input: SentObject): Promise<Prediction | undefined> =>
			await this.predictions
				.findEqual(target, input, { signal: item.signal })
				.catch((error: unknown) => {
					if (!(error instanceof ApiError)) throw error;
					item.warn([
						`Earlier results could not be read, so a new prediction was created: ${error.message}`,
					]);
					return undefined;
				});
	}
}
