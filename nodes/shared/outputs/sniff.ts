import { isVague, nameInUrl, typeInName } from './names';

/** How many bytes tell a file's type (documentation of file-type), at most. */
const SNIFFED_BYTES = 4_100;

/** A stream whose beginning was looked at. */
export interface Peeked {
	first: Buffer;
	/** The whole stream, beginning included. */
	all: AsyncIterable<Buffer>;
}

/** Reads the beginning of a stream without taking it away. */
export async function peeked(pieces: AsyncGenerator<Buffer>): Promise<Peeked> {
	const read: Buffer[] = [];
	let bytes = 0;
	while (bytes < SNIFFED_BYTES) {
		const piece = await pieces.next();
		if (piece.done) break;
		read.push(piece.value);
		bytes += piece.value.length;
	}
	async function* all(): AsyncGenerator<Buffer> {
		yield* read;
		yield* pieces;
	}
	return { first: Buffer.concat(read), all: all() };
}

/** The type that a file's bytes tell; asked only where neither its server nor its name tells one. */
export async function sniffedType(
	first: Buffer,
	contentType: string | undefined,
	url: URL,
): Promise<string | undefined> {
	if (!isVague(contentType) || typeInName(nameInUrl(url))) return undefined;
	const { fileTypeFromBuffer } = await import('file-type');
	const found = await fileTypeFromBuffer(first).catch(() => undefined);
	return found?.mime;
}
