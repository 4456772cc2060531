import { FormDataEncoder, type FileLike, type FormDataLike } from 'form-data-encoder';
import type { StreamedBody } from '../api/client';
import { unreadable, type BinaryFile } from './binaryFile';
import { gather } from './gather';

/**
 * The longest chunk that the encoder gets, in bytes. form-data-encoder 4.1.0 splits longer ones itself
 * and then ignores where a Buffer begins in its memory, which would send other bytes.
 */
const CHUNK_BYTES = 65_536;

/**
 * The body of `POST /files`: one part named `content` with the file's real name and MIME type
 * (Replicate's OpenAPI document). It is streamed, and its length is known before it starts.
 */
export function multipartBody(file: BinaryFile): StreamedBody {
	const encoder = new FormDataEncoder(singleFileForm('content', file));
	return {
		headers: { 'content-type': encoder.contentType, 'content-length': encoder.contentLength! },
		open: async () => gather(encoder),
	};
}

function singleFileForm(part: string, file: BinaryFile): FormDataLike {
	const entry: [string, FileLike] = [
		part,
		{
			name: file.name,
			type: file.mimeType,
			size: file.bytes,
			lastModified: 0,
			stream: () => chunksOf(file),
			[Symbol.toStringTag]: 'File',
		},
	];
	return {
		append: () => {},
		getAll: () => [entry[1]],
		entries: () => [entry].values(),
		[Symbol.iterator]: () => [entry].values(),
		[Symbol.toStringTag]: 'FormData',
	};
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
