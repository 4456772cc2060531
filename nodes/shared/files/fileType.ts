import { lookup } from 'mime-types';

/** How many bytes show a file's type at most (documentation of file-type). */
export const SNIFFED_BYTES = 4_100;

/** MIME types that say nothing. */
const VAGUE = new Set(['application/octet-stream', 'binary/octet-stream', 'application/x-binary']);

/** Whether a MIME type is missing, or says nothing about a file. */
export function isVague(mimeType: string | undefined): boolean {
	const type = typeIn(mimeType);
	return !type || VAGUE.has(type);
}

/** Whether a MIME type says by itself what a file is; n8n says text/plain of all that it does not know. */
export function isTelling(mimeType: string | undefined): mimeType is string {
	const type = typeIn(mimeType);
	return type !== undefined && type !== 'text/plain' && !VAGUE.has(type);
}

/** A MIME type without its parameters; any other text, and what could break a header, counts as missing. */
export function typeIn(mimeType: string | undefined): string | undefined {
	const beginning = mimeType?.slice(0, 200) ?? '';
	const end = beginning.indexOf(';');
	const type = (end < 0 ? beginning : beginning.slice(0, end)).trim().toLowerCase();
	return /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : undefined;
}

/** The type that a name's extension means. */
export function typeInName(name: string | undefined): string | undefined {
	return (name && lookup(name)) || undefined;
}

/** The type that the first bytes of a file show. */
export async function typeInBytes(first: Uint8Array): Promise<string | undefined> {
	const { fileTypeFromBuffer } = await import('file-type');
	const found = await fileTypeFromBuffer(first).catch(() => undefined);
	return found?.mime;
}

/**
 * The MIME type of a file as its holder says, unless that says nothing; then by its name, then by its
 * first bytes. n8n says text/plain of all that it does not know, so that says nothing of a file whose
 * name or bytes are not text.
 *
 * @param declared a valid MIME type, if any
 * @param first    reads the file's first bytes; only called where nothing else tells
 */
export async function typeOfFile(
	declared: string | undefined,
	name: string,
	first: () => Promise<Uint8Array | undefined>,
): Promise<string> {
	if (isTelling(declared)) return declared;
	const isText = typeIn(declared) === 'text/plain';
	const named = typeInName(name);
	const byName = isVague(named) ? undefined : named;
	if (byName && (!isText || byName.startsWith('image/'))) return byName;
	if (isText && byName && isTextual(byName)) return declared!;
	const bytes = await first().catch(() => undefined);
	if (isText && bytes && looksLikeText(bytes)) return declared!;
	return byName ?? (bytes && (await typeInBytes(bytes))) ?? declared ?? 'application/octet-stream';
}

/** Whether bytes are text in UTF-8, as far as they show; the last character may be cut. */
function looksLikeText(bytes: Uint8Array): boolean {
	if (bytes.includes(0)) return false;
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
		return true;
	} catch {
		return false;
	}
}

function isTextual(type: string): boolean {
	return (
		type.startsWith('text/') ||
		/[/+](?:json|xml|yaml|toml|javascript|x-sh|sql|x-ndjson|x-subrip|x-tex|rtf)$/.test(type)
	);
}
