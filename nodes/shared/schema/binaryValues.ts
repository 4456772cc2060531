import type { IBinaryData } from 'n8n-workflow';
import { isNested } from '../api/json';

/** The largest list of numbers that is read as a file's bytes: larger ones are n8n's binary data. */
const MAX_LISTED_BYTES = 20_000_000;

/**
 * The bytes that a value holds besides n8n's binary data: a buffer, what JSON makes of one
 * (`{ type: 'Buffer', data: [...] }`), or either under `data` beside a MIME type.
 */
export function bytesIn(value: unknown): Buffer | undefined {
	if (value instanceof Uint8Array) return Buffer.from(value);
	if (value instanceof ArrayBuffer) return Buffer.from(value);
	if (!isNested(value) || Array.isArray(value)) return undefined;
	const { type, data, mimeType } = value;
	if (type === 'Buffer' && isListOfBytes(data)) return Buffer.from(data);
	return typeof mimeType === 'string' && isNested(data) ? bytesIn(data) : undefined;
}

function isListOfBytes(value: unknown): value is number[] {
	if (!Array.isArray(value) || value.length > MAX_LISTED_BYTES) return false;
	return value.every((one) => Number.isInteger(one) && one >= 0 && one <= 255);
}

/**
 * Whether a value is n8n's binary data, or what is left of it in an expression. An item can hold
 * anybody's JSON, so what only looks like it is not enough.
 */
export function isBinaryObject(value: unknown): value is IBinaryData {
	// Every item's files are asked: no copies.
	if (!isNested(value) || typeof value.mimeType !== 'string') return false;
	const { id, data, fileName, fileExtension, bytes } = value;
	if (!isTextOrNone(id) || !isTextOrNone(data)) return false;
	if (!isTextOrNone(fileName) || !isTextOrNone(fileExtension)) return false;
	if (bytes !== undefined && !Number.isSafeInteger(bytes)) return false;
	return ['id', 'data', 'fileName', 'fileSize'].some((key) => Object.hasOwn(value, key));
}

function isTextOrNone(value: unknown): boolean {
	return value === undefined || value === null || typeof value === 'string';
}

/**
 * Whether a value that no schema calls a file is one all the same: n8n's binary data, with more than the
 * `mimeType` and `data` that some models' own objects have as well.
 */
export function isFileObject(value: unknown): boolean {
	if (!isBinaryObject(value)) return false;
	return [value.id, value.fileName, value.fileExtension, value.fileSize].some(
		(one) => one !== undefined,
	);
}

/** Whether a value stands for no file at all. */
export function isNoFile(value: unknown): boolean {
	if (typeof value === 'string') return value.trim() === '';
	return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}
