import { Readable } from 'node:stream';

/** Bytes that are made at a time. */
const CHUNK = 64 * 1024;
const TOKEN = /"@huge:(text|rows):(\d+)@"/;

/** An output of any size that is made only while it is sent, so that the sandbox stays small. */
export class HugeOutput {
	constructor(
		private readonly shape: 'text' | 'rows',
		private readonly bytes: number,
	) {}

	/** What stands for it in JSON until the JSON is sent. */
	toJSON(): string {
		return `@huge:${this.shape}:${this.bytes}@`;
	}
}

/** Whether JSON holds a huge output. */
export function holdsHugeOutput(json: string): boolean {
	return TOKEN.test(json);
}

/** The JSON with its huge outputs in full. */
export function withHugeOutputs(json: string): Readable {
	return Readable.from(chunksOf(json), { objectMode: false });
}

/** The same, chunk by chunk. */
export function* chunksOf(json: string): Generator<Buffer> {
	const found = TOKEN.exec(json);
	if (!found) {
		yield Buffer.from(json);
		return;
	}
	const [token, shape, bytes] = found;
	yield Buffer.from(json.slice(0, found.index));
	yield* shape === 'text' ? text(Number(bytes)) : rows(Number(bytes));
	yield* chunksOf(json.slice(found.index + token.length));
}

/** A JSON string of so many characters. */
function* text(length: number): Generator<Buffer> {
	yield Buffer.from('"');
	const full = Buffer.alloc(CHUNK, 'all work and no play ');
	for (let left = length; left > 0; left -= CHUNK) {
		yield left < CHUNK ? full.subarray(0, left) : full;
	}
	yield Buffer.from('"');
}

/** A JSON list of small objects, of about so many bytes: it takes most memory when it is parsed. */
function* rows(bytes: number): Generator<Buffer> {
	let made = 0;
	let chunk = '[';
	for (let row = 0; made + chunk.length < bytes; row++) {
		chunk += `${row > 0 ? ',' : ''}{"row":${row},"score":0.5,"label":"row ${row}"}`;
		if (chunk.length < CHUNK) continue;
		yield Buffer.from(chunk);
		made += chunk.length;
		chunk = '';
	}
	yield Buffer.from(`${chunk}]`);
}
