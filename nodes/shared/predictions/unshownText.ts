/**
 * What of a final text is still to be shown after a preview of it. White space may differ: an output is
 * not always trimmed as its stream is. A preview of another text cannot be taken back, as of a machine
 * that was replaced: the whole text follows it, in a paragraph of its own.
 */
export function unshownText(preview: string, text: string): string {
	if (text === '' || text.startsWith(preview)) return text.slice(preview.length);
	let at = 0;
	for (const character of preview.replace(/\s+/g, '')) {
		while (/\s/.test(text.charAt(at))) at += 1;
		if (!text.startsWith(character, at)) return `\n\n${text}`;
		at += character.length;
	}
	return text.slice(at);
}
