import type { Readable } from 'node:stream';
import { FormDataEncoder, type FileLike, type FormDataLike } from 'form-data-encoder';
import type { StreamedBody } from '../api/client';
import { unreadable, type BinaryFile } from './binaryFile';
import { gathered } from './gathered';

/**
 * Longest piece handed to the encoder, in bytes. form-data-encoder 4.1.0 splits longer ones itself
 * and then ignores where a Buffer begins in its memory, which would send other bytes.
 */
const PIECE_BYTES = 65_536;

/**
 * The body of `POST /files`: one part named `content` with the file's real name and MIME type
 * (Replicate's OpenAPI document). It is streamed, and its length is known before it starts.
 */
export function multipartBody(file: BinaryFile): StreamedBody {
	const encoder = new FormDataEncoder(singleFileForm('content', file));
	return {
		headers: { 'content-type': encoder.contentType, 'content-length': encoder.contentLength! },
		open: async () => gathered(encoder),
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
			stream: () => pieces(file),
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
 * The file's bytes in small pieces.
 *
 * @throws InputError when n8n cannot read the file or it is not as long as n8n said
 */
async function* pieces(file: BinaryFile): AsyncGenerator<Uint8Array> {
	const stopped = (error: unknown): never => unreadable(file, error);
	const stream: Readable = await file.open().catch(stopped);
	const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
	let bytes = 0;
	try {
		for (;;) {
			const next = await chunks.next().catch(stopped);
			if (next.done) break;
			bytes += next.value.length;
			for (let start = 0; start < next.value.length; start += PIECE_BYTES) {
				yield next.value.subarray(start, start + PIECE_BYTES);
			}
		}
	} finally {
		stream.destroy();
	}
	if (bytes !== file.bytes) stopped(new Error(`${bytes} of ${file.bytes} bytes were there`));
}
