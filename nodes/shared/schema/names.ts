import { distance } from 'fastest-levenshtein';

/** How many choices, and input names, an error lists before it says that there are more. */
const LISTED = 20;

/** The name that is most like `name`, if any is like it at all. */
export function nearest(name: string, names: string[]): string | undefined {
	const plain = (text: string) => text.toLowerCase().replace(/[^a-z\d]/g, '');
	const max = Math.max(2, name.length / 3);
	// Comparing two very long names would take minutes.
	const ranked = names
		.filter((known) => Math.max(known.length, name.length) <= 1_000)
		.map((known) => ({ known, steps: distance(plain(name), plain(known)) }))
		.sort((one, other) => one.steps - other.steps);
	const [best] = ranked;
	return best && best.steps <= max ? best.known : undefined;
}

/** Names in one text, as many as an error lists. */
export function listed(names: string[]): string {
	const shownNames = names.slice(0, LISTED).join(', ');
	return names.length > LISTED ? `${shownNames} and ${names.length - LISTED} more` : shownNames;
}
