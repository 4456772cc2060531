import { noteOf } from '../../fields/notes';
import type { ItemResult } from '../../host/item';
import type { Host } from '../../host/host';
import { toJson } from '../../shared/api/json';
import { now } from '../../shared/api/clock';
import { DOWNLOAD_MARGIN_MS, MAX_TRANSFER_MS } from '../../shared/api/timeLimit';
import type { OpenApiDocument, Prediction } from '../../shared/api/shapes';
import type { JobKind } from '../../shared/models/jobKind';
import { collectOutput, perFile } from '../../shared/outputs/collect';
import { simplified } from '../../shared/predictions/simplify';
import { assertSucceeded } from '../../shared/predictions/status';
import type { OutputSettings } from '../input/outputSettings';

/** What is known of what is collected, and how long its files may take. */
interface CollectWishes {
	schema?: OpenApiDocument | null;
	/** What it is, where only one that has succeeded has anything to collect. */
	mustSucceedAs?: JobKind;
	/** When the item's own time is up, in ms. */
	deadline?: number;
	/** What the names of its files end in, where that is not its ID. */
	nameEnding?: string;
	signal?: AbortSignal;
}

/**
 * The items for a prediction: its JSON, short or whole, and its output files as binary data; one item
 * for all files, or one for each.
 *
 * @throws PredictionError when it must have succeeded and did not, or a file cannot be had; it carries the
 *                         prediction and all addresses
 */
export async function collectItems(
	{ client, keep, store, publicLinks, blockReason }: Host,
	prediction: Prediction,
	settings: OutputSettings,
	{ schema, mustSucceedAs, deadline, nameEnding, signal }: CollectWishes = {},
): Promise<ItemResult[]> {
	const { downloadFiles, binaryField, fileName, publicLinkHours } = settings;
	const until = downloadUntil(settings, deadline);
	if (mustSucceedAs) assertSucceeded(prediction, client.baseUrl, mustSucceedAs);
	const collected = await collectOutput(prediction, schema, {
		transport: client.transport,
		downloadFiles,
		binaryField,
		fileName,
		nameEnding,
		hosts: { baseUrl: client.baseUrl, more: settings.outputHosts },
		ownFile: (address) => client.ownFile(address),
		until,
		keep,
		store,
		linkTo: publicLinkHours ? (file) => publicLinks.linkTo(file, publicLinkHours) : undefined,
		maxBytes: settings.maxFileBytes,
		noteOf,
		blockReason,
		signal,
	});
	const isPerFile = settings.outputItems === 'perFile' && collected.files.length > 0;
	const parts = isPerFile ? perFile(collected, binaryField) : [{ output: collected, place: {} }];
	return parts.map(({ output, place }) => {
		const json = settings.simplify
			? simplified(prediction, output)
			: toJson({ ...prediction, files: output.files });
		return { json: { ...json, ...place }, binary: output.binary };
	});
}

/** When output files must be there, in ms: where the item's time has not begun, it begins now. */
function downloadUntil({ timeoutSeconds = Infinity }: OutputSettings, deadline?: number): number {
	const timeIsUp = deadline ?? now() + timeoutSeconds * 1_000;
	return Math.min(timeIsUp + DOWNLOAD_MARGIN_MS, now() + MAX_TRANSFER_MS);
}
