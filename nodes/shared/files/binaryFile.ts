import { createHash } from 'node:crypto';
import { lookup } from 'mime-types';
import type { IBinaryData } from 'n8n-workflow';
import { InputError } from '../api/errors';
import type { ByteStream } from '../api/transport';
import { STEP_BYTES } from './gather';

/** The part of n8n's helpers that reads binary data. */
export interface BinaryStore {
	getBinaryStream(id: string, chunkSize?: number): Promise<ByteStream>;
	/** All of a file's bytes. The item's index counts only where the file is given by its name. */
	getBinaryDataBuffer(itemIndex: number, binary: IBinaryData): Promise<Buffer>;
	getBinaryMetadata(id: string): Promise<{ fileSize: number }>;
	/** Gives a URL that needs no sign-in, for one day or so long (`3 hours`). Not in every n8n. */
	createBinarySignedUrl?(binary: IBinaryData, expiresIn?: string): string;
}

/** A file that n8n holds, on disk, in an object store or in memory. Its bytes are read on demand. */
export interface BinaryFile {
	/** Ready to be sent: last path part, no control characters, at most 255 bytes of UTF-8. */
	name: string;
	mimeType: string;
	bytes: number;
	/** n8n's id in its binary store; absent in memory mode. */
	storeId?: string;
	/** The file's bytes in chunks, read anew. */
	open(): Promise<AsyncIterable<Uint8Array>>;
	/** All of the file's bytes at once, which is faster for a small one. */
	read(): Promise<Buffer>;
	/** n8n's own signed URL of the file; absent where n8n cannot give one, as in memory mode. */
	signedUrl?(): string;
}

/**
 * Whether a value is n8n's binary data, or what is left of it in an expression. An item can hold
 * anybody's JSON, so what only looks like it is not enough.
 */
export function isBinaryObject(value: unknown): value is IBinaryData {
	if (typeof value !== 'object' || value === null) return false;
	const { mimeType, bytes, ...more } = value as Record<string, unknown>;
	const texts = [more.id, more.data, more.fileName, more.fileExtension];
	const isText = (one: unknown) => one === undefined || one === null || typeof one === 'string';
	if (typeof mimeType !== 'string' || !texts.every(isText)) return false;
	if (bytes !== undefined && !Number.isSafeInteger(bytes)) return false;
	return ['id', 'data', 'fileName', 'fileSize'].some((key) => Object.hasOwn(value, key));
}

/** Replicate's limit for a file's name, in bytes (OpenAPI document, files.create). */
const MAX_NAME_BYTES = 255;
/** Base64 characters decoded at a time in memory mode; a multiple of 4, so that bytes stay whole. */
const BASE64_CHUNK = 1_048_576;

/**
 * Makes n8n's binary data ready to be sent. Reads its size, never its bytes.
 *
 * @param fallbackName the file's name when n8n knows none
 * @throws InputError when the bytes are not there (an expression such as `$binary.x` leaves them out)
 */
export async function toBinaryFile(
	binary: IBinaryData,
	store: BinaryStore,
	fallbackName: string,
): Promise<BinaryFile> {
	const name = sentFileName(binary.fileName ?? fallbackName, binary.fileExtension ?? undefined);
	const mimeType = validMimeType(binary.mimeType) ?? (lookup(name) || 'application/octet-stream');
	const { id, data } = binary;
	if (id) {
		return {
			name,
			mimeType,
			bytes: await binaryBytes(binary, store).catch(() => {
				throw new InputError(`n8n’s binary store has no file "${name}"`, {
					code: 'fileGone',
					file: name,
				});
			}),
			storeId: id,
			open: async () => await store.getBinaryStream(id, STEP_BYTES),
			// Older versions of n8n know binary data by its parts, and expressions leave `data` out.
			read: async () => await store.getBinaryDataBuffer(0, { ...binary, data: '', mimeType }),
			...(store.createBinarySignedUrl
				? { signedUrl: () => store.createBinarySignedUrl!(binary) }
				: {}),
		};
	}
	if (typeof data !== 'string') {
		throw new InputError(`The file "${name}" was passed without its bytes`, {
			code: 'fileWithoutBytes',
			file: name,
		});
	}
	return {
		name,
		mimeType,
		bytes: base64Bytes(data),
		open: async () => decode(data),
		read: async () => Buffer.from(data, 'base64'),
	};
}

/**
 * The SHA-256 of a file in hex, read as a stream.
 *
 * @throws InputError when n8n cannot read it
 */
export async function sha256(file: BinaryFile): Promise<string> {
	const hash = createHash('sha256');
	try {
		for await (const chunk of await file.open()) hash.update(chunk);
	} catch (error) {
		unreadable(file, error);
	}
	return hash.digest('hex');
}

/** @throws InputError for a file that n8n cannot read, with the reason */
export function unreadable({ name }: BinaryFile, error: unknown): never {
	throw new InputError(`n8n could not read the file "${name}" from its binary store`, {
		code: 'fileUnreadable',
		file: name,
		reason: (error as Error).message,
	});
}

/** A MIME type that is safe in a header; anything else counts as missing. */
function validMimeType(text: string | undefined): string | undefined {
	return text && /^[\w.+-]+\/[\w.+-]+(;[ \w.+=-]+)*$/.test(text) ? text : undefined;
}

/** The size of n8n's binary data in bytes, without reading it. */
export async function binaryBytes(binary: IBinaryData, store: BinaryStore): Promise<number> {
	if (!binary.id) return base64Bytes(binary.data);
	// `bytes` came with n8n-workflow 2.5; before that only the store knows.
	const { bytes } = binary as { bytes?: number };
	return bytes ?? (await store.getBinaryMetadata(binary.id)).fileSize;
}

/** The number of bytes that a base64 text encodes. */
function base64Bytes(text: string): number {
	const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
	return Math.floor((text.length * 3) / 4) - padding;
}

async function* decode(base64: string): AsyncGenerator<Uint8Array> {
	for (let start = 0; start < base64.length; start += BASE64_CHUNK) {
		yield Buffer.from(base64.slice(start, start + BASE64_CHUNK), 'base64');
	}
}

/**
 * The name under which a file is sent: the last path part without control characters, cut to
 * Replicate's 255 bytes without losing its extension. UTF-8 stays.
 */
export function sentFileName(name: string, extension?: string): string {
	const base = name
		.split(/[\\/]/)
		.at(-1)!
		// Marks of writing direction can make one extension look like another.
		.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '')
		// In a multipart header a double quote would become %22, and servers keep it so.
		.replaceAll('"', "'")
		.trim();
	const named = /^\.*$/.test(base) ? 'file' : base;
	const isExtension = extension !== undefined && /^[\w+-]{1,32}$/.test(extension);
	const whole = isExtension && !/\.[^.]+$/.test(named) ? `${named}.${extension}` : named;
	if (Buffer.byteLength(whole) <= MAX_NAME_BYTES) return whole;
	const dot = whole.lastIndexOf('.');
	const tail = dot > 0 && Buffer.byteLength(whole.slice(dot)) <= 32 ? whole.slice(dot) : '';
	const stem = whole.slice(0, whole.length - tail.length);
	return cutBytes(stem, MAX_NAME_BYTES - Buffer.byteLength(tail)) + tail;
}

/** The longest beginning of `text` that fits into `limit` bytes of UTF-8. */
export function cutBytes(text: string, limit: number): string {
	let bytes = 0;
	let end = 0;
	for (const character of text) {
		bytes += Buffer.byteLength(character);
		if (bytes > limit) break;
		end += character.length;
	}
	return text.slice(0, end);
}
