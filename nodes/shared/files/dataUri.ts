import { InlinedFile } from '../api/jsonBody';
import { unreadable, type BinaryFile } from './binaryFile';

/**
 * A file as it travels in a request, as a data URI. Reads the whole file, so it is only for what `routeFiles` inlines.
 *
 * @throws InputError when n8n cannot read it
 */
export async function inlineFile(file: BinaryFile): Promise<InlinedFile> {
	const bytes = await file.read().catch((error: unknown) => unreadable(file, error));
	// An address has no blanks, which MIME allows before a parameter.
	return new InlinedFile(file.mimeType.replace(/; +/g, ';'), bytes.toString('base64'));
}

/** What a data URI holds. */
interface DataUri {
	mimeType: string;
	/** `undefined` where its base64 is broken. */
	bytes: Buffer | undefined;
}

/** What a data URI begins with (RFC 2397): a media type, or none, and parameters without spaces. */
const HEAD = /^data:(?:[\w!#$&^.+-]+\/[\w!#$&^.+-]+)?(?:;[^\s,;]+)*,/;

/** Whether a text is a data URI, and not a caption such as "data: 12 cats, 3 dogs". */
export function isDataUri(text: string): boolean {
	return HEAD.test(text);
}

/** Reads a data URI (RFC 2397), base64 or percent-encoded; `undefined` for any other text. */
export function parseDataUri(text: string): DataUri | undefined {
	if (!isDataUri(text)) return undefined;
	const comma = text.indexOf(',');
	const [mimeType, ...attributes] = text.slice('data:'.length, comma).split(';');
	const payload = percentDecoded(text.slice(comma + 1));
	const isBase64 = attributes.at(-1) === 'base64';
	const bytes = isBase64 ? fromBase64(payload) : Buffer.from(payload);
	return { mimeType: mimeType || 'text/plain', bytes };
}

/** Node reads as much of a broken text as it can: a picture of six bytes, without a word. */
function fromBase64(text: string): Buffer | undefined {
	const dense = text.replace(/\s/g, '');
	const digits = dense.replace(/=$/, '').replace(/=$/, '');
	const isWhole = /^[\w+/-]*$/.test(digits) && digits.length % 4 !== 1;
	return isWhole ? Buffer.from(digits, 'base64') : undefined;
}

function percentDecoded(text: string): string {
	if (!text.includes('%')) return text;
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
