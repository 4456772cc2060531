/** Up to this length a text is checked whole, and beyond it at both ends, in characters: n8n's own is right. */
const CHECKED = 65_536;
/** How much is checked of each end of a longer text; lines of wrapped base64 have 64 or 76 characters. */
const END = 4_096;

const DENSE = /^[A-Za-z\d+/]*={0,2}$/;

/**
 * Base64 in the standard alphabet, without line breaks and with its padding; `undefined` for any other
 * text. Node's decoder takes whatever it is given: of "not base64" it makes six bytes, without a word.
 */
export function denseBase64(text: string): string | undefined {
	if (isDense(text)) return text;
	// Blanks around lines are left out. Those inside a line are a text's own.
	const dense = text
		.split(/[\r\n]+/)
		.map((line) => line.trim())
		.join('')
		.replaceAll('-', '+')
		.replaceAll('_', '/')
		.replace(/={1,2}$/, '');
	if (!/^[A-Za-z\d+/]*$/.test(dense) || dense.length % 4 === 1) return undefined;
	return dense.padEnd(Math.ceil(dense.length / 4) * 4, '=');
}

function isDense(text: string): boolean {
	if (text.length % 4 !== 0) return false;
	if (text.length <= CHECKED) return DENSE.test(text);
	return /^[A-Za-z\d+/]+$/.test(text.slice(0, END)) && DENSE.test(text.slice(-END));
}
