/**
 * A text from outside on one line, as far as it helps: without control characters, and without the
 * marks of writing direction that make a text read as another.
 *
 * @param most characters
 */
export function oneLine(text: string, max = 500): string {
	const line = text
		.slice(0, max * 4)
		.replace(/\s+/g, ' ')
		.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '')
		.trim();
	return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}
