import { extension } from 'mime-types';
import { sentFileName } from '../files/binaryFile';
import { isVague, typeIn, typeInName } from '../files/fileType';

export { isVague, typeInName };

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
interface FileHints {
	/** The last part of the URL's path, or the name that the server gives. */
	name?: string;
	/** The server's `Content-Type`. */
	contentType?: string;
	/** The type that was recognised by its bytes. */
	sniffed?: string;
	/** What the file is called, without its extension. */
	stem: string;
}

/** Extensions that people expect, where the MIME database begins with another one or has none. */
const USUAL_EXTENSION: Record<string, string> = {
	'application/x-zip-compressed': 'zip',
	'audio/aac': 'aac',
	'audio/flac': 'flac',
	'audio/m4a': 'm4a',
	'audio/mpeg': 'mp3',
	'audio/ogg': 'ogg',
	'audio/webm': 'webm',
	'audio/x-mp3': 'mp3',
	'image/jpg': 'jpg',
	'image/pjpeg': 'jpg',
	'image/x-png': 'png',
	'video/mov': 'mov',
	'video/quicktime': 'mov',
	'video/x-mp4': 'mp4',
};

/**
 * The name and MIME type of an output file. The server's type counts first, then the name's
 * extension, then its bytes; a name without the extension of its type gets that.
 */
export function nameAndType({ name, contentType, sniffed, stem }: FileHints): {
	fileName: string;
	mimeType: string;
} {
	const declared = typeIn(contentType);
	const mimeType =
		declared && !isVague(declared)
			? declared
			: (typeInName(name) ?? sniffed ?? declared ?? 'application/octet-stream');
	return { fileName: sentFileName(stem + extensionFor(mimeType, name)), mimeType };
}

/** A file's extension with its dot: its own, unless that contradicts its type; empty where nobody knows. */
function extensionFor(mimeType: string, name = ''): string {
	const own = extensionOf(sentFileName(name));
	const usual = isVague(mimeType) ? undefined : (USUAL_EXTENSION[mimeType] ?? extension(mimeType));
	if (!usual) return own;
	return own && !contradicts(typeInName(own), mimeType) ? own : `.${usual}`;
}

/** Whether one type is another format of the same kind of media, as PNG is of a WebP picture. */
function contradicts(meant: string | undefined, mimeType: string): boolean {
	const [kind] = mimeType.split('/');
	return (
		/^(audio|image|video)$/.test(kind!) && meant !== mimeType && !!meant?.startsWith(`${kind}/`)
	);
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

/**
 * A name's extension with its dot. What is only a number is part of the name (`voice.2`), and so is a
 * dot at the beginning.
 */
export function extensionOf(name: string): string {
	const [found = ''] = /(?<=.)\.(?!v?\d+$)[\p{L}\p{N}][\p{L}\p{N}_+-]{0,31}$/u.exec(name) ?? [];
	return found;
}
