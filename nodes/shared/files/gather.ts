/** How much is read from or written to a disk or a connection at a time, in bytes. */
export const STEP_BYTES = 256 * 1024;

/** The same bytes in larger chunks, so that a file takes few steps. */
export async function* gather(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let some: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of chunks) {
		some.push(chunk);
		bytes += chunk.length;
		if (bytes < STEP_BYTES) continue;
		yield joined(some, bytes);
		some = [];
		bytes = 0;
	}
	if (bytes > 0) yield joined(some, bytes);
}

function joined(chunks: Uint8Array[], bytes: number): Uint8Array {
	return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes);
}
