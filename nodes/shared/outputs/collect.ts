import type { IBinaryData } from 'n8n-workflow';
import { PredictionError, ReplicateError } from '../api/errors';
import type { JsonObject } from '../api/json';
import { oneLine } from '../api/oneLine';
import type { OpenApiDocument, Prediction } from '../api/shapes';
import type { Transport } from '../api/transport';
import { binaryBytes, type BinaryStore } from '../files/binaryFile';
import { allOrNone } from './allOrNone';
import { isDataUri } from '../files/dataUri';
import { fetchOutput } from './download';
import type { PublicLink } from './publicLinks';
import type { DownloadOptions, KeepBinary } from './request';
import type { OutputHosts } from './hosts';
import { chosenName, defaultNames } from './fileNames';
import { fieldNames } from './names';
import { isNotFetched, type NotFetched } from './notFetched';
import { MAX_FILES, readOutput } from './shape';

/** How much of a text that is no address a note shows, in characters. */
const MAX_NOTED = 80;
/** Output files of one prediction that are fetched at the same time. */
const PARALLEL_DOWNLOADS = 4;

interface CollectOptions {
	transport: Transport;
	/** Whether output files become binary data, or stay addresses. */
	downloadFiles: boolean;
	/** The binary field of the first file. */
	binaryField: string;
	/** The name of the files, where the builder chose one. */
	fileName?: string;
	/** What the names end in where the builder chose none; by default the prediction's ID. */
	nameEnding?: string;
	hosts: OutputHosts;
	/** See `DownloadOptions`. */
	ownFile?: DownloadOptions['ownFile'];
	keep: KeepBinary;
	/** The words for a file that was left where it is. */
	noteOf: (left: NotFetched) => string;
	/** See `DownloadOptions`. */
	maxBytes?: number;
	blockReason?: DownloadOptions['blockReason'];
	until: DownloadOptions['until'];
	store: BinaryStore;
	/** Gives the public address of a file that n8n keeps, where the builder wants one. */
	linkTo?: (file: IBinaryData) => PublicLink;
	signal?: AbortSignal;
}

/** What a prediction's output gives an item. */
export interface CollectedOutput {
	/**
	 * `{ field, key, fileName, mimeType, bytes, url }` per file, with its public link where one is wanted;
	 * `{ key, url, note }` for one left in place, `{ key, note }` for one that has no address, and one
	 * `{ note }` for all that are too many. `key` is
	 * the output's nearest object key above the file, where there is one.
	 */
	files: JsonObject[];
	binary: Record<string, IBinaryData>;
	text?: string;
	/** The data URIs that became binary data. */
	kept?: ReadonlySet<string>;
}

/**
 * Reads a prediction's output and brings its files into n8n.
 *
 * @throws PredictionError when a file cannot be fetched; it carries the prediction and all addresses,
 *                         because the run succeeded and is paid for
 */
export async function collectOutput(
	prediction: Prediction,
	schema: OpenApiDocument | null | undefined,
	options: CollectOptions,
): Promise<CollectedOutput> {
	const { files, notAddresses = [], hasMore, text } = readOutput(prediction.output, schema);
	const more: JsonObject[] = notAddresses.map(({ key, url }) => ({
		...keyOf(key),
		note: options.noteOf({ notFetched: 'notAddress', text: oneLine(url, MAX_NOTED) }),
	}));
	if (hasMore) more.push({ note: options.noteOf({ notFetched: 'tooMany', limit: MAX_FILES }) });
	const fields = fieldNames(
		files.map(({ key }) => key),
		options.binaryField,
	);
	if (!options.downloadFiles) {
		const listed = files.map(({ key, url }) => ({ ...keyOf(key), url }));
		return { files: [...listed, ...more], binary: {}, text };
	}
	const { fileName, nameEnding } = options;
	const names = fileName
		? files.map((_, index) => () => chosenName(fileName, index))
		: defaultNames(prediction, files, nameEnding);
	const binary = new Map<string, IBinaryData>();
	const kept = new Set<string>();
	const together = { concurrency: PARALLEL_DOWNLOADS, signal: options.signal };
	const described = await allOrNone(
		files,
		together,
		async ({ key, url }, index, signal): Promise<JsonObject> => {
			const field = fields[index]!;
			const fetched = await fetchOutput(url, {
				...options,
				signal,
				nameFile: names[index]!,
			}).catch((error: ReplicateError) => {
				throw downloadFailed(prediction, url, error);
			});
			if (isNotFetched(fetched)) return { ...keyOf(key), url, note: options.noteOf(fetched) };
			binary.set(field, fetched);
			if (isDataUri(url)) kept.add(url);
			return {
				field,
				...keyOf(key),
				fileName: fetched.fileName ?? '',
				mimeType: fetched.mimeType,
				bytes: await binaryBytes(fetched, options.store),
				url: shortAddress(url),
				...options.linkTo?.(fetched),
			};
		},
	);
	// Downloads end in any order; the item's fields are in that of the output.
	const inOrder = fields.filter((field) => binary.has(field));
	return {
		files: [...described, ...more],
		binary: Object.fromEntries(inOrder.map((field) => [field, binary.get(field)!])),
		text,
		kept,
	};
}

/** Each file by itself under the chosen field, with its place among the prediction's files. */
export function perFile(
	{ files, binary, kept }: CollectedOutput,
	binaryField: string,
): Array<{ output: CollectedOutput; place: JsonObject }> {
	return files.map((file, fileIndex) => {
		const held = binary[String(file.field)];
		const output: CollectedOutput = held
			? { kept, files: [{ ...file, field: binaryField }], binary: { [binaryField]: held } }
			: { kept, files: [file], binary: {} };
		return { output, place: { fileIndex, fileCount: files.length } };
	});
}

function keyOf(key: string | undefined): JsonObject {
	return key === undefined ? {} : { key };
}

/** A data URI without its data, which would carry the whole file in the item's JSON once more. */
export function shortAddress(url: string): string {
	return isDataUri(url) ? `${url.slice(0, url.indexOf(',') + 1)}…` : url;
}

function downloadFailed(prediction: Prediction, url: string, error: Error): ReplicateError {
	const isNotStored = error instanceof ReplicateError && error.code === 'fileNotStored';
	const reason = isNotStored
		? error.message
		: `its output file could not be fetched: ${error.message}`;
	return new PredictionError(
		`The prediction succeeded, but ${reason}`,
		{ code: 'downloadFailed', id: prediction.id, url: shortAddress(url), isNotStored, reason },
		prediction,
	);
}
