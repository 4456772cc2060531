import { Readable } from 'node:stream';

/** How much is read from or written to a disk or a connection at a time, in bytes. */
export const STEP_BYTES = 256 * 1024;
/** How much of a file may be read ahead of what was written, in bytes. */
const READ_AHEAD_BYTES = 4 * STEP_BYTES;

/**
 * A stream of the same bytes in larger pieces, so that a file takes few steps, and the next piece
 * comes in while the last one goes out.
 */
export function gathered(pieces: AsyncIterable<Uint8Array>): Readable {
	return Readable.from(inSteps(pieces), {
		objectMode: false,
		highWaterMark: READ_AHEAD_BYTES,
	});
}

async function* inSteps(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
	let some: Uint8Array[] = [];
	let bytes = 0;
	for await (const piece of pieces) {
		some.push(piece);
		bytes += piece.length;
		if (bytes < STEP_BYTES) continue;
		yield Buffer.concat(some, bytes);
		some = [];
		bytes = 0;
	}
	if (bytes > 0) yield Buffer.concat(some, bytes);
}
