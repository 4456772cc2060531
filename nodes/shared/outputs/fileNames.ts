import { cutBytes, sentFileName } from '../files/binaryFile';
import { extensionOf, nameInUrl, typeInName } from './names';
import type { OutputFile } from './shape';

/**
 * Gives a file's name without its extension.
 *
 * @param served the name that the file's server gives, known only when it responds
 */
export type NameFile = (served?: string) => string;

/** Room for the prediction's ID, a place and the extension in a name of 255 bytes. */
const MAX_STEM_BYTES = 120;
const MAX_ID_BYTES = 64;
/** The same for a name that the builder chose: a place among 1,000 files, and the extension. */
const MAX_CHOSEN_BYTES = 215;

/** Words with which models and their servers name any output at all. */
const SAYS_NOTHING = new Set(
	`asset audio blob content data default download file files final generated image images img item
	media movie object output outputs out pic picture prediction replicate result results sound temp
	tmp unknown untitled video`.split(/\s+/),
);

/**
 * The names of one prediction's files where the builder chose none. They differ from those of any other
 * prediction, because they end in its ID, and from each other, also on file systems that do not tell
 * upper from lower case; the same prediction gives the same names whichever operation reads it. A name
 * begins with the file's own where that says something, else with the key above it in the output, else
 * with the model's.
 *
 * @param nameEnding in the place of the ID, where several items have the same prediction
 */
export function defaultNames(
	{ id, model }: { id: string; model?: string | null },
	files: OutputFile[],
	nameEnding = id,
): NameFile[] {
	const ending = cutBytes(sentFileName(nameEnding), MAX_ID_BYTES);
	const modelName = stemOf(model?.split('/').at(-1)?.split(':')[0] ?? '') || 'output';
	const told = files.map(({ url, key = '' }) => telling(addressName(url), id) ?? telling(key, id));
	const known = new Set(told.flatMap((stem) => (stem === undefined ? [] : [folded(stem)])));
	const places = new Map<string, number>();
	return told.map((stem) => {
		const group = folded(stem ?? modelName);
		const place = places.get(group) ?? 0;
		places.set(group, place + 1);
		const whole = (beginning: string) => `${beginning}-${ending}${place > 0 ? `_${place}` : ''}`;
		return (served) => {
			if (stem !== undefined) return whole(stem);
			// Responses come in any order, so a served name must not depend on those of other files.
			const own = telling(served, id);
			return whole(own !== undefined && !known.has(folded(own)) ? own : modelName);
		};
	});
}

/**
 * The names of one prediction's files where the builder chose one: the first file gets that name, the
 * next `name_1` and so on.
 *
 * @param wanted a name with or without an extension, such as that of the input file
 */
export function chosenName(wanted: string, index: number): string {
	const stem = typeInName(wanted)
		? wanted.slice(0, wanted.length - extensionOf(wanted).length)
		: wanted;
	return index === 0 ? stem : `${cutBytes(stem, MAX_CHOSEN_BYTES)}_${index}`;
}

/** A name's part before its extension, if it tells this file from any other output. */
function telling(name: string | undefined, id: string): string | undefined {
	if (!name) return undefined;
	const stem = stemOf(name.replaceAll(id, ''));
	// Python's temporary files, and UUIDs.
	if (/^(tmp|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$)/i.test(stem)) return undefined;
	const words = stem.split(/[^\p{L}\p{N}]+/u);
	return words.some(saysSomething) ? stem : undefined;
}

function saysSomething(word: string): boolean {
	const letters = word.toLowerCase().replace(/\p{N}/gu, '');
	if (letters === '' || /^[a-z]$/.test(letters) || SAYS_NOTHING.has(letters)) return false;
	const hasDigit = letters.length < word.length;
	// Checksums and random keys.
	return !(hasDigit && (/^[\da-f]{8,}$/i.test(word) || word.length >= 16));
}

/** Ready to be the beginning of a name: no path, no control characters, no dot that hides the file. */
function stemOf(name: string): string {
	if (!name) return '';
	const clean = sentFileName(name);
	const stem = clean.slice(0, clean.length - extensionOf(clean).length);
	return cutBytes(stem.replace(/^[\s.-]+|(?<![\s._-])[\s._-]+$/g, ''), MAX_STEM_BYTES);
}

function folded(stem: string): string {
	return stem.normalize('NFKC').toLowerCase();
}

function addressName(url: string): string | undefined {
	return /^https?:/i.test(url) && URL.canParse(url) ? nameInUrl(new URL(url)) : undefined;
}
