import type { Item } from '../../host/item';
import type { NodeRun } from '../../host/nodeRun';
import { ApiError } from '../../shared/api/errors';
import type { SentObject } from '../../shared/api/jsonBody';
import type { Prediction } from '../../shared/api/shapes';
import { StoredFiles } from '../../shared/files/storedFiles';
import type { FindStored } from '../../shared/files/uploads';
import type { RunnableModel } from '../../shared/models/models';
import { ReusablePredictions } from '../../shared/predictions/reusable';
import { isPreviewed } from '../output/preview';
import { paidRunOf } from '../paidRun';
import type { Settings } from '../input/settings';

/** How much longer than the time limit a stored file must last, in ms: models start late. */
const LASTS_MS = 10 * 60 * 1_000;

/** What one run of the node can take again. */
interface Reuse {
	predictions: ReusablePredictions;
	files: StoredFiles;
}

const reuses = new WeakMap<NodeRun, Reuse>();

function reuseOf(run: NodeRun): Reuse {
	const known = reuses.get(run);
	if (known) return known;
	const opened: Reuse = {
		predictions: new ReusablePredictions(paidRunOf(run).api),
		files: new StoredFiles(run.host.client),
	};
	reuses.set(run, opened);
	return opened;
}

/**
 * Finds files that Replicate still stores, where the builder wants them to be taken again. Not together
 * with Delete Uploads, which would remove them from under another prediction.
 */
export function findStored(
	{ run }: Item,
	{ reuse, deleteUploads, timeoutSeconds }: Settings,
): FindStored | undefined {
	if (reuse !== 'sameInput' || deleteUploads) return undefined;
	const { files } = reuseOf(run);
	const { api } = paidRunOf(run);
	return async (file) => await files.find(file, api.now() + timeoutSeconds * 1_000 + LASTS_MS);
}

/** An equal prediction of the account that has its result, where the builder wants it to be taken. */
export async function reusablePrediction(
	item: Item,
	target: RunnableModel,
	{ reuse, waitFor }: Settings,
	input: SentObject,
): Promise<Prediction | undefined> {
	if (reuse !== 'sameInput' || waitFor !== 'result') return undefined;
	// Whoever watches the text grow would see nothing.
	if (isPreviewed(item, target.schema)) return undefined;
	const { predictions } = reuseOf(item.run);
	return await predictions.equalTo(target, input, { signal: item.signal }).catch((error) => {
		if (!(error instanceof ApiError)) throw error;
		item.warn([
			`Earlier results could not be read, so a new prediction was created: ${error.message}`,
		]);
		return undefined;
	});
}
