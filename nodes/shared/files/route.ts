import { InputError } from '../api/errors';

/** How a file travels to Replicate. A hosted URL is not a file: it is passed through untouched. */
type Route = 'dataUri' | 'upload' | 'publicUrl';
/** What the builder chose: by size, or one way for all files. */
export type FileRouting = 'auto' | Route;

/**
 * The largest file that Replicate's Files API takes, in bytes: 100 MiB (README of the official
 * JavaScript client; the API's own 413 says "100MB").
 */
export const MAX_UPLOAD_BYTES = 100 * 1024 * 1024;
/** Files smaller than this, in bytes, are inlined (Replicate docs, input files: "below 1 MB"). */
export const DEFAULT_DATA_URI_MAX_BYTES = 1_000_000;
/**
 * The most that data URIs of one prediction may hold together, in bytes. The official JavaScript
 * client refuses more; the API responds to more with 413, or the prediction fails with code PA.
 */
export const MAX_INLINE_BYTES = 10_000_000;

export interface Routing {
	fileRouting: FileRouting;
	/** Bytes. */
	dataUriMaxBytes: number;
}

interface Sized {
	name: string;
	bytes: number;
}

/**
 * Decides for all files of one prediction how each travels. Under `auto` a file is inlined when it
 * is smaller than the limit, and the largest are uploaded until all inlined ones together are, too.
 *
 * @returns one route per file, in their order
 * @throws InputError for a file, or a sum, that cannot travel as asked
 */
export function routeFiles(files: Sized[], { fileRouting, dataUriMaxBytes }: Routing): Route[] {
	if (fileRouting === 'publicUrl') return files.map(() => 'publicUrl');
	for (const file of files) assertSendable(file);
	if (fileRouting === 'upload') return files.map(() => 'upload');
	if (fileRouting === 'dataUri') {
		assertInlinable(files);
		return files.map(() => 'dataUri');
	}
	const inlined = new Set(files.filter(({ bytes }) => bytes < dataUriMaxBytes));
	const largestFirst = [...inlined].sort((one, other) => other.bytes - one.bytes);
	let sum = total(largestFirst);
	for (const file of largestFirst) {
		if (sum < dataUriMaxBytes) break;
		inlined.delete(file);
		sum -= file.bytes;
	}
	return files.map((file) => (inlined.has(file) ? 'dataUri' : 'upload'));
}

function assertSendable({ name, bytes }: Sized): void {
	if (bytes <= MAX_UPLOAD_BYTES) return;
	throw new InputError(
		`The file "${name}" has ${mebibytes(bytes)} MiB, and Replicate takes uploads of up to 100 MiB`,
		{ code: 'fileTooLarge', file: name, bytes },
	);
}

function assertInlinable(files: Sized[]): void {
	const sum = total(files);
	if (sum <= MAX_INLINE_BYTES) return;
	throw new InputError(
		`The files of this item have ${sum} bytes together, too many for data URIs (${MAX_INLINE_BYTES})`,
		{ code: 'inlineTooLarge', bytes: sum, limit: MAX_INLINE_BYTES },
	);
}

function total(files: Sized[]): number {
	return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function mebibytes(bytes: number): string {
	return (bytes / 1024 / 1024).toFixed(1);
}
