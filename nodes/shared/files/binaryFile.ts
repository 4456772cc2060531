import { createHash } from 'node:crypto';
import { extension } from 'mime-types';
import type { IBinaryData } from 'n8n-workflow';
import { InputError } from '../api/errors';
import type { ByteStream } from '../api/transport';
import { denseBase64 } from './base64';
import { SNIFFED_BYTES, isTelling, isVague, typeOfFile } from './fileType';
import { isBinaryObject } from '../schema/binaryValues';
import { STEP_BYTES } from './gather';

export { isBinaryObject };

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

/** Replicate's limit for a file's name, in bytes (OpenAPI document, files.create). */
const MAX_NAME_BYTES = 255;
/** Base64 characters decoded at a time in memory mode; a multiple of 4, so that bytes stay whole. */
const BASE64_CHUNK = 1_048_576;
/** Base64 characters of what is looked at to know a file's type. */
const BEGINNING = Math.ceil(SNIFFED_BYTES / 3) * 4;

/**
 * Makes n8n's binary data ready to be sent. Reads its size, and its first bytes only where neither its
 * type nor its name says what it is.
 *
 * @param fallbackName the file's name when n8n knows none
 * @throws InputError when the bytes are not there (an expression such as `$binary.x` leaves them out),
 *                    or are not base64
 */
export async function toBinaryFile(
	binary: IBinaryData,
	store: BinaryStore,
	fallbackName: string,
): Promise<BinaryFile> {
	const written = binary.fileName ?? fallbackName;
	return binary.id
		? await fileInStore(binary, binary.id, store, written)
		: await fileInMemory(binary, written);
}

async function fileInStore(
	binary: IBinaryData,
	id: string,
	store: BinaryStore,
	written: string,
): Promise<BinaryFile> {
	const bytes = await binaryBytes(binary, store).catch(() => {
		const name = sentFileName(written, binary.fileExtension ?? undefined);
		throw new InputError(`n8n’s binary store has no file "${name}"`, {
			code: 'fileGone',
			file: name,
		});
	});
	const declared = validMimeType(binary.mimeType);
	const first = async () => await firstBytes(await store.getBinaryStream(id, SNIFFED_BYTES));
	const mimeType = isTelling(declared)
		? declared
		: await typeOfFile(declared, sentFileName(written), first);
	return {
		name: nameOf(binary, written, mimeType),
		mimeType,
		bytes,
		storeId: id,
		open: async () => await store.getBinaryStream(id, STEP_BYTES),
		// Older versions of n8n know binary data by its parts, and expressions leave `data` out.
		read: async () => await store.getBinaryDataBuffer(0, { ...binary, data: '', mimeType }),
		...(store.createBinarySignedUrl
			? { signedUrl: () => store.createBinarySignedUrl!(binary) }
			: {}),
	};
}

/** The name that a file is sent under; n8n takes an extension from a type that says nothing. */
function nameOf(
	binary: Pick<IBinaryData, 'fileExtension' | 'mimeType'>,
	written: string,
	mimeType: string,
): string {
	const isSame = mimeType === binary.mimeType;
	const fileExtension = isSame ? binary.fileExtension : extension(mimeType) || binary.fileExtension;
	return sentFileName(written, fileExtension ?? undefined);
}

async function fileInMemory(binary: IBinaryData, written: string): Promise<BinaryFile> {
	const { data, fileExtension } = binary as Partial<IBinaryData>;
	const name = sentFileName(written, fileExtension ?? undefined);
	if (typeof data !== 'string') {
		throw new InputError(`The file "${name}" was passed without its bytes`, {
			code: 'fileWithoutBytes',
			file: name,
		});
	}
	const [head = '', type] =
		/^\s*data:([^;,\s]*)(?:;[^,]{0,200})?;base64,/i.exec(data.slice(0, 500)) ?? [];
	const base64 = denseBase64(head === '' ? data : data.slice(head.length));
	if (base64 === undefined) {
		throw new InputError(`The data of the file "${name}" is not base64`, {
			code: 'fileNotBase64',
			file: name,
		});
	}
	const declared = validMimeType(binary.mimeType);
	const known = isVague(declared) ? (validMimeType(type) ?? declared) : declared;
	const first = async () =>
		await Promise.resolve(Buffer.from(base64.slice(0, BEGINNING), 'base64'));
	const mimeType = await typeOfFile(known, sentFileName(written), first);
	return {
		name: nameOf(binary, written, mimeType),
		mimeType,
		bytes: base64Bytes(base64),
		open: async () => decode(base64),
		read: async () => Buffer.from(base64, 'base64'),
	};
}

/** The first chunk of a stream, which is closed then. */
async function firstBytes(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
	for await (const chunk of stream) return chunk;
	return new Uint8Array();
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
	const base = PLAIN_NAME.test(name) ? name : lastPart(name);
	const named = /^\.*$/.test(base) ? 'file' : base;
	const isExtension = extension !== undefined && /^[\w+-]{1,32}$/.test(extension);
	const whole = isExtension && !/\.[^.]+$/.test(named) ? `${named}.${extension}` : named;
	if (Buffer.byteLength(whole) <= MAX_NAME_BYTES) return whole;
	const dot = whole.lastIndexOf('.');
	const tail = dot > 0 && Buffer.byteLength(whole.slice(dot)) <= 32 ? whole.slice(dot) : '';
	const stem = whole.slice(0, whole.length - tail.length);
	return cutBytes(stem, MAX_NAME_BYTES - Buffer.byteLength(tail)) + tail;
}

/** A name in which nothing is to be cleaned, as most names are. */
const PLAIN_NAME = /^[\w.-]+$/;

/** The last part of a path, without what could mislead whoever reads it. */
function lastPart(name: string): string {
	return (
		name
			.split(/[\\/]/)
			.at(-1)!
			// Marks of writing direction can make one extension look like another.
			.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '')
			// In a multipart header a double quote would become %22, and servers keep it so.
			.replaceAll('"', "'")
			.trim()
	);
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
