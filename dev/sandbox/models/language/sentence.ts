import { parsed } from './jsonInText';

/** How many names or addresses a sentence has at most. */
const MAX_NAMED = 5;

/**
 * What a tool returned, as a sentence of a model that does not paste JSON: the addresses of files, a
 * text, or the names of what was found. A result that has none of them stays as it is.
 */
export function sentenceOf(result: string): string {
	const value = parsed(result);
	const addresses = textsUnder('url', valuesUnder('files', value));
	if (addresses.length > 0) return `Here it is: ${listed(addresses)}`;
	const [text] = textsUnder('text', value);
	if (text !== undefined) return `The tool says: ${text}`;
	const names = textsUnder('model', value);
	if (names.length > 0) return `I found ${listed(names)}.`;
	return `The tool says: ${result}`;
}

/** The values under a key, at any depth, also in JSON that is a text. */
function valuesUnder(key: string, value: unknown): unknown[] {
	if (typeof value === 'string') {
		const inner = parsed(value);
		return typeof inner === 'object' ? valuesUnder(key, inner) : [];
	}
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, one]) =>
		name === key ? [one] : valuesUnder(key, one),
	);
}

/** The different texts under a key. */
function textsUnder(key: string, value: unknown): string[] {
	const texts = valuesUnder(key, value).filter((one) => typeof one === 'string' && one !== '');
	return [...new Set(texts)] as string[];
}

function listed(texts: string[]): string {
	const named = texts.slice(0, MAX_NAMED);
	return named.length > 1 ? `${named.slice(0, -1).join(', ')} and ${named.at(-1)}` : named[0]!;
}
