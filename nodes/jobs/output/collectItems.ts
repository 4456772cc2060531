import { noteOf } from '../../fields/notes';
import type { ItemResult } from '../../host/item';
import type { Host } from '../../host/host';
import { toJson } from '../../shared/api/json';
import { now } from '../../shared/api/clock';
import { DOWNLOAD_MARGIN_MS, MAX_TRANSFER_MS } from '../../shared/api/timeLimit';
import type { OpenApiDocument, Prediction } from '../../shared/api/shapes';
import { collectOutput, type CollectedOutput } from '../../shared/outputs/collect';
import { simplified } from '../../shared/predictions/simplify';
import type { OutputSettings } from '../input/outputSettings';

/** How long output files may take. */
interface CollectLimits {
	/** When the item's own time is up, in ms. */
	deadline?: number;
	signal?: AbortSignal;
}

/**
 * The items for a prediction: its JSON, short or whole, and its output files as binary data; one item
 * for all files, or one for each.
 *
 * @throws PredictionError when a file cannot be had; it carries the prediction and all addresses
 */
export async function collectItems(
	{ client, keep, store, publicLinks, blockReason }: Host,
	prediction: Prediction,
	settings: OutputSettings,
	schema?: OpenApiDocument | null,
	{ deadline, signal }: CollectLimits = {},
): Promise<ItemResult[]> {
	const { downloadFiles, binaryField, fileName, publicLinkHours } = settings;
	const collected = await collectOutput(prediction, schema, {
		transport: client.transport,
		downloadFiles,
		binaryField,
		fileName,
		hosts: { baseUrl: client.baseUrl, more: settings.outputHosts },
		ownFile: (address) => client.ownFile(address),
		until: downloadUntil(settings, deadline),
		keep,
		store,
		linkTo: publicLinkHours ? (file) => publicLinks.linkTo(file, publicLinkHours) : undefined,
		maxBytes: settings.maxFileBytes,
		noteOf,
		blockReason,
		signal,
	});
	const itemOf = (output: CollectedOutput): ItemResult => ({
		json: settings.simplify
			? simplified(prediction, output)
			: toJson({ ...prediction, files: output.files }),
		binary: output.binary,
	});
	if (settings.outputItems === 'perPrediction' || collected.files.length === 0) {
		return [itemOf(collected)];
	}
	return perFile(collected, binaryField).map(({ output, place }) => {
		const item = itemOf(output);
		return { ...item, json: { ...item.json, ...place } };
	});
}

/** When output files must be there, in ms: where the item's time has not begun, it begins now. */
function downloadUntil({ timeoutSeconds = Infinity }: OutputSettings, deadline?: number): number {
	const timeIsUp = deadline ?? now() + timeoutSeconds * 1_000;
	return Math.min(timeIsUp + DOWNLOAD_MARGIN_MS, now() + MAX_TRANSFER_MS);
}

/** Each file by itself under the chosen field, with its place among the prediction's files. */
function perFile({ files, binary, kept }: CollectedOutput, binaryField: string) {
	return files.map((file, fileIndex) => {
		const held = binary[String(file.field)];
		const output: CollectedOutput = held
			? { kept, files: [{ ...file, field: binaryField }], binary: { [binaryField]: held } }
			: { kept, files: [file], binary: {} };
		return { output, place: { fileIndex, fileCount: files.length } };
	});
}
