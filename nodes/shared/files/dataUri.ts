import { unreadable, type BinaryFile } from './binaryFile';

/**
 * A file as a data URI. Reads the whole file, so it is only for what `routeFiles` inlines.
 *
 * @throws InputError when n8n cannot read it
 */
export async function toDataUri(file: BinaryFile): Promise<string> {
	const bytes = await file.read().catch((error: unknown) => unreadable(file, error));
	return `data:${file.mimeType};base64,${bytes.toString('base64')}`;
}

/** What a data URI holds. */
export interface DataUri {
	mimeType: string;
	bytes: Buffer;
}

/** Reads a data URI (RFC 2397), base64 or percent-encoded; `undefined` for any other text. */
export function parseDataUri(text: string): DataUri | undefined {
	const comma = text.indexOf(',');
	if (!text.startsWith('data:') || comma === -1) return undefined;
	const [mimeType, ...attributes] = text.slice('data:'.length, comma).split(';');
	const payload = text.slice(comma + 1);
	const bytes = attributes.includes('base64')
		? Buffer.from(payload, 'base64')
		: Buffer.from(percentDecoded(payload));
	return { mimeType: mimeType || 'text/plain', bytes };
}

function percentDecoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
