/** Blanks, and marks that nobody sees: of no width, of writing direction, of byte order. */
const INVISIBLE = /[\s\u200b-\u200f\u2060\ufeff]/;

/** A text without blanks around it, and without what else nobody sees there: it comes along when a text is copied. */
export function withoutBlanks(text: string): string {
	let start = 0;
	let end = text.length;
	while (start < end && INVISIBLE.test(text[start]!)) start += 1;
	while (end > start && INVISIBLE.test(text[end - 1]!)) end -= 1;
	return text.slice(start, end);
}

/** What is between lines of three backticks, between which language models put JSON. */
export function withoutFence(text: string): string {
	const trimmed = withoutBlanks(text);
	const isFenced = trimmed.startsWith('```') && trimmed.endsWith('```');
	return isFenced ? trimmed.slice(trimmed.indexOf('\n') + 1, -'```'.length) : text;
}
