import { FormDataEncoder, type FileLike, type FormDataLike } from 'form-data-encoder';
import type { StreamedBody } from '../api/client';
import { unreadable, type BinaryFile } from './binaryFile';
import type { JsonObject } from '../api/json';
import { gather } from './gather';

/**
 * The longest chunk that the encoder gets, in bytes. form-data-encoder 4.1.0 splits longer ones itself
 * and then ignores where a Buffer begins in its memory, which would send other bytes.
 */
const CHUNK_BYTES = 65_536;

/**
 * The body of `POST /files`: a part named `content` with the file's real name and MIME type, and where
 * there is something to note at it, one named `metadata` with JSON (Replicate's OpenAPI document). It is
 * streamed, and its length is known before it starts.
 */
export function multipartBody(file: BinaryFile, metadata?: JsonObject): StreamedBody {
	const encoder = new FormDataEncoder(fileForm(file, metadata));
	return {
		headers: { 'content-type': encoder.contentType, 'content-length': encoder.contentLength! },
		open: async () => gather(encoder),
	};
}

function fileForm(file: BinaryFile, metadata?: JsonObject): FormDataLike {
	const { name, mimeType: type, bytes: size } = file;
	const parts: Array<[string, FileLike]> = [
		['content', filePart({ name, type, size, stream: () => chunksOf(file) })],
	];
	if (metadata) {
		const json = Buffer.from(JSON.stringify(metadata));
		const stream = async function* () {
			yield await Promise.resolve(json);
		};
		// As the official client sends it.
		const part = { name: 'blob', type: 'application/json', size: json.length, stream };
		parts.push(['metadata', filePart(part)]);
	}
	return {
		append: () => {},
		getAll: (wanted) => parts.flatMap(([field, part]) => (field === wanted ? [part] : [])),
		entries: () => parts.values(),
		[Symbol.iterator]: () => parts.values(),
		[Symbol.toStringTag]: 'FormData',
	};
}

function filePart(part: Pick<FileLike, 'name' | 'type' | 'size' | 'stream'>): FileLike {
	return { ...part, lastModified: 0, [Symbol.toStringTag]: 'File' };
}

/**
 * The file's bytes in small chunks.
 *
 * @throws InputError when n8n cannot read the file or it is not as long as n8n said
 */
async function* chunksOf(file: BinaryFile): AsyncGenerator<Uint8Array> {
	const failed = (error: unknown): never => unreadable(file, error);
	const content = await file.open().catch(failed);
	const chunks = content[Symbol.asyncIterator]();
	let bytes = 0;
	try {
		for (;;) {
			const next = await chunks.next().catch(failed);
			if (next.done) break;
			bytes += next.value.length;
			for (let start = 0; start < next.value.length; start += CHUNK_BYTES) {
				yield next.value.subarray(start, start + CHUNK_BYTES);
			}
		}
	} finally {
		await chunks.return?.();
	}
	if (bytes !== file.bytes) failed(new Error(`${bytes} of ${file.bytes} bytes were there`));
}
