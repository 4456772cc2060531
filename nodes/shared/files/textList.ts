import { beginsAsAddress } from './address';

/** A data URI up to its comma: the type of a file, or nothing, and parameters. */
const HEAD = /^data:(?:[\w!#$&^.+-]+\/[\w!#$&^.+-]+)?(?:;[^,]*)?$/i;

/**
 * The parts of a list of files that was written as text: separated by commas or line breaks, or by semicolons before addresses. A comma
 * that belongs to an address stays in it, and line breaks of base64 do.
 *
 * @param isField whether a text is the name of one of the item's binary fields
 */
export function partsOf(text: string, isField: (name: string) => boolean): string[] {
	const parts: string[] = [];
	/** The separators behind the last part, as they were written. */
	let separators = '';
	// Every second token is a separator.
	text.split(/(,|\r?\n|\r|;(?=\s+[a-z][a-z\d+.-]+:\/\/))/i).forEach((token, index) => {
		const part = token.trim();
		const isSeparator = index % 2 === 1;
		if (isSeparator || part === '') {
			separators += token;
			return;
		}
		const last = parts.at(-1);
		const before = separators + token.slice(0, token.length - token.trimStart().length);
		separators = token.slice(token.trimEnd().length);
		const begins = last === undefined || isField(part) || HEAD.test(part) || beginsAsAddress(part);
		if (begins || !belongs(part, last, before)) parts.push(part);
		else parts[parts.length - 1] = last + before.trim() + part;
	});
	return parts;
}

/** Whether a text is the rest of the address before it, from which `between` separates it. */
function belongs(part: string, last: string, between: string): boolean {
	if (HEAD.test(last)) return true;
	if (!beginsAsAddress(last)) return false;
	if (/^,+$/.test(between)) return true;
	const isWrapped = /^data:[^,]*;base64,/i.test(last) && /^[\r\n \t]+$/.test(between);
	return isWrapped && /^[\w+/-]+={0,2}$/.test(part);
}
