/** Reads `data:<mime>;base64,<data>`; the default type is that of the official clients. */
export function parseDataUri(text: string): { mimeType: string; bytes: Buffer } {
	const [, mimeType, base64] = /^data:([^;,]*)(?:;[^;,]+)*?;base64,(.*)$/s.exec(text) ?? [];
	if (base64 === undefined) throw new Error('The data URI is not base64');
	return { mimeType: mimeType || 'application/octet-stream', bytes: Buffer.from(base64, 'base64') };
}
