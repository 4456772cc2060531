import { isHtml, wordsOfHtml } from '../api/htmlWords';
import { oneLine } from '../api/oneLine';
import type { Prediction } from '../api/shapes';

/** The longest error text that is shown whole, in characters. */
const MAX_SHOWN = 1_000;
/** How much of a longer one is shown of its first line. Its reason is in the last ones. */
const MAX_FIRST = 250;
/** The longest text that an item's details hold, in characters. */
const MAX_KEPT = 100_000;

/**
 * The model's own error text on one line, or `undefined`: of a page its words, and of a long text, such
 * as a traceback, the first line and the last ones.
 */
export function errorText(prediction: Prediction): string | undefined {
	const text = wholeText(prediction);
	if (text === undefined) return undefined;
	if (isHtml(text)) return oneLine(wordsOfHtml(text), MAX_SHOWN);
	const whole = oneLine(text.slice(0, MAX_KEPT), MAX_KEPT);
	if (whole.length <= MAX_SHOWN && text.length <= MAX_KEPT) return whole;
	const lines = text.trim().split(/[\r\n]+/);
	const first = oneLine(lines[0]!, MAX_FIRST);
	const left = MAX_SHOWN - first.length - ' … '.length;
	const last: string[] = [];
	let length = 0;
	for (const line of lines.slice(1).reverse()) {
		const clean = oneLine(line, left);
		length += clean.length + 1;
		if (length > left) break;
		last.unshift(clean);
	}
	const end = last.filter((line) => line !== '').join(' ') || oneLine(text.slice(-left), left);
	return `${first.replace(/…$/, '')} … ${end}`;
}

/** The whole of an error text that is not shown whole. */
export function wholeError(prediction: Prediction): string | undefined {
	const text = wholeText(prediction);
	const isCut = text !== undefined && (text.length > MAX_SHOWN || isHtml(text));
	return isCut ? text.slice(-MAX_KEPT) : undefined;
}

function wholeText({ error }: Prediction): string | undefined {
	if (error === null || error === undefined || error === '') return undefined;
	return typeof error === 'string' ? error : JSON.stringify(error);
}
