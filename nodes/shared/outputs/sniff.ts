import { isVague, SNIFFED_BYTES, typeInBytes, typeInName } from '../files/fileType';

/** A stream whose beginning was looked at. */
interface Peeked {
	first: Uint8Array;
	/** The whole stream, beginning included. */
	all: AsyncIterable<Uint8Array>;
}

/** Reads the beginning of a stream without taking it away. */
export async function peek(chunks: AsyncGenerator<Uint8Array>): Promise<Peeked> {
	const read: Uint8Array[] = [];
	let bytes = 0;
	while (bytes < SNIFFED_BYTES) {
		const chunk = await chunks.next();
		if (chunk.done) break;
		read.push(chunk.value);
		bytes += chunk.value.length;
	}
	async function* all(): AsyncGenerator<Uint8Array> {
		try {
			yield* read;
			yield* chunks;
		} finally {
			await chunks.return(undefined);
		}
	}
	return { first: Buffer.concat(read), all: all() };
}

/** The type that a file's bytes show; asked only where neither its holder nor its name gives one. */
export async function sniffType(
	first: Uint8Array,
	contentType: string | undefined,
	name?: string,
): Promise<string | undefined> {
	if (!isVague(contentType) || typeInName(name)) return undefined;
	return await typeInBytes(first.subarray(0, SNIFFED_BYTES));
}
