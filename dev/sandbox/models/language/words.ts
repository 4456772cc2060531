/** Words that say nothing of what a tool does. */
const EMPTY = new Set(
	'about also always call called category description given have input into only other output please provided result results return returns should some text that their them then there this tool true use used useful user uses using value what when where which will with would your'.split(
		' ',
	),
);

/** How many letters make a word's stem, so that "pictures" is "picture". */
const STEM = 5;

/** The stems of a text's words, in snake case and camel case as well. */
function stems(text: string): Set<string> {
	const words = text
		.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
		.toLowerCase()
		.split(/[^\p{L}\p{N}]+/u);
	return new Set(
		words.filter((word) => word.length > 3 && !EMPTY.has(word)).map((word) => word.slice(0, STEM)),
	);
}

/** How many words of a description are in a text. */
export function mentions(description: string, text: string): number {
	const said = stems(text);
	return [...stems(description)].filter((stem) => said.has(stem)).length;
}

/** Whether a text says anything of what is described. */
export function isMentioned(description: string, text: string): boolean {
	return mentions(description, text) > 0;
}

/** What a text has beside a name: "name: Ada", "my name is Ada", "name=Ada". */
export function labelled(text: string, name: string): string | undefined {
	if (name === '') return undefined;
	const words = name.replace(/[_-]+/g, ' ').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	const label = new RegExp(
		`\\b${words}\\b["']?\\s*(?::|=|\\bis\\b|\\bof\\b)\\s*["']?([^\\n.,;"']+)`,
		'i',
	);
	return label.exec(text)?.[1]?.trim();
}
