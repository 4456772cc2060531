import { extension, lookup } from 'mime-types';
import { sentFileName } from '../files/binaryFile';

/**
 * Gives each output file its binary field: the chosen name for the first, whatever key it is under,
 * so that the next node finds it there; `name_1` and so on for the next. A further file under an object
 * key takes that key's name, with its place in the key's list. All are unique.
 *
 * @param keys the object key above each file, in the output's order
 */
export function fieldNames(keys: Array<string | undefined>, binaryField: string): string[] {
	const first = isSafeKey(binaryField) ? binaryField : 'data';
	const taken = new Set<string>([first]);
	const next = new Map<string, number>([[first, 1]]);
	return keys.map((key, index) => {
		const base = fieldName(key) ?? first;
		let count = next.get(base) ?? 0;
		if (index === 0) {
			next.set(base, 1);
			return first;
		}
		let name: string;
		do {
			name = count === 0 ? base : `${base}_${count}`;
			count += 1;
		} while (taken.has(name));
		next.set(base, count);
		taken.add(name);
		return name;
	});
}

/** An object key that can name a binary field; n8n refuses some, and a dot would read as a path. */
function fieldName(key: string | undefined): string | undefined {
	const name = key?.replace(/[^\p{L}\p{N}_-]/gu, '_').slice(0, 64);
	return name && isSafeKey(name) ? name : undefined;
}

/** Some names mean something else on objects: an item with such a field would break n8n. */
function isSafeKey(name: string): boolean {
	return !(name in Object.prototype) && name !== 'prototype';
}

/** What is known of a file before its bytes are read. */
export interface FileHints {
	/** The last part of the URL's path, or the name that the server gives. */
	name?: string;
	/** The server's `Content-Type`. */
	contentType?: string;
	/** The type that was recognised by its bytes. */
	sniffed?: string;
	/** The name when there is no other. */
	fallback: string;
	/** The name that the builder wants, without its extension. */
	chosen?: string;
}

/** Extensions that people expect, where the MIME database begins with another one or has none. */
const USUAL_EXTENSION: Record<string, string> = {
	'audio/aac': 'aac',
	'audio/flac': 'flac',
	'audio/mpeg': 'mp3',
	'audio/ogg': 'ogg',
	'audio/webm': 'webm',
	'video/quicktime': 'mov',
};

/** MIME types that say nothing. */
const VAGUE = new Set(['application/octet-stream', 'binary/octet-stream']);

/** Whether a server's `Content-Type` says nothing about a file. */
export function isVague(contentType: string | undefined): boolean {
	const declared = typeIn(contentType);
	return !declared || VAGUE.has(declared);
}

/** The type that a name's extension means. */
export function typeInName(name: string | undefined): string | undefined {
	return (name && lookup(name)) || undefined;
}

/** A MIME type without its parameters; any other text, and what could break a header, counts as missing. */
function typeIn(contentType: string | undefined): string | undefined {
	const type = contentType?.slice(0, 200).split(';')[0]!.trim().toLowerCase();
	return type && /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : undefined;
}

/**
 * The name and MIME type of an output file. The server's type counts first, then the name's
 * extension, then its bytes; a name without an extension gets that of its type.
 */
export function nameAndType({ name, contentType, sniffed, fallback, chosen }: FileHints): {
	fileName: string;
	mimeType: string;
} {
	const base = sentFileName(name ?? fallback);
	const declared = typeIn(contentType);
	const byName = typeInName(base);
	const mimeType =
		declared && !VAGUE.has(declared)
			? declared
			: (byName ?? sniffed ?? declared ?? 'application/octet-stream');
	const suffix = USUAL_EXTENSION[mimeType] ?? extension(mimeType);
	const named =
		/\.[^.]+$/.test(base) || !suffix || VAGUE.has(mimeType) ? base : `${base}.${suffix}`;
	const fileName = chosen === undefined ? named : sentFileName(chosen + extensionOf(named));
	return { fileName, mimeType };
}

/**
 * The name of one of a prediction's files where the builder chose one: the first file gets that name,
 * the next `name_1` and so on.
 *
 * @param wanted a name with or without an extension, such as that of the input file
 */
export function chosenName(wanted: string, index: number): string {
	const stem = typeInName(wanted)
		? wanted.slice(0, wanted.length - extensionOf(wanted).length)
		: wanted;
	return index === 0 ? stem : `${stem}_${index}`;
}

/** The file's name in a URL: the last part of its path, decoded, without query. */
export function nameInUrl(url: URL): string | undefined {
	const last = url.pathname.split('/').at(-1);
	if (!last) return undefined;
	try {
		return decodeURIComponent(last);
	} catch {
		return last;
	}
}

/** A name's extension with its dot; a dot at the beginning of a name is not one. */
function extensionOf(name: string): string {
	const dot = name.lastIndexOf('.');
	return dot > 0 ? name.slice(dot) : '';
}
