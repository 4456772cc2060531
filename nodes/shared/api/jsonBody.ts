import { randomUUID } from 'node:crypto';
import { stringifyJson, type InputValue } from './json';

/**
 * A file in a request, as a data URI whose base64 is kept apart: to look for characters in it that JSON
 * escapes, and to copy it from text to text, would be most of the work of sending a small file.
 */
export class InlinedFile {
	constructor(
		readonly mimeType: string,
		/** Without whitespace. */
		readonly base64: string,
	) {}

	/** The data URI up to its base64. */
	get head(): string {
		return `data:${this.mimeType};base64,`;
	}

	/** The data URI, for all that writes JSON. */
	toJSON(): string {
		return this.head + this.base64;
	}
}

/** What a model is sent: its input, in which files may be inlined. */
export type SentValue = InputValue | InlinedFile | SentValue[] | { [key: string]: SentValue };
export type SentObject = { [key: string]: SentValue };

/** Stands for a file's base64 while the rest is written. Nobody can know it. */
const MARK = randomUUID();

/** A request's body in JSON, with the base64 of its files written once. */
export function jsonBody(value: object): Buffer {
	const files: InlinedFile[] = [];
	const json = stringifyJson(value, function (key, written) {
		const given = this[key];
		if (!(given instanceof InlinedFile)) return written;
		files.push(given);
		return given.head + MARK;
	});
	return interleaved(json.split(MARK), files);
}

/** Texts with the base64 of a file after each but the last, in UTF-8. */
function interleaved(texts: string[], files: InlinedFile[]): Buffer {
	const lengths = [
		...texts.map((text) => Buffer.byteLength(text)),
		...files.map(({ base64 }) => base64.length),
	];
	const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + length));
	let end = 0;
	texts.forEach((text, index) => {
		end += bytes.write(text, end);
		end += bytes.write(files[index]?.base64 ?? '', end, 'latin1');
	});
	return bytes;
}
