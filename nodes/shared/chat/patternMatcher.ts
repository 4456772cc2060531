import { RE2JS } from 're2js';

/** How many different texts are held against patterns. */
const MAX_TEXTS = 2_000;
/** The longest pattern, in characters. */
const MAX_PATTERN_LENGTH = 2_000;
/** How much is matched in all: characters of texts, times steps of the pattern for each of them. */
const MAX_WORK = 20_000_000;

/** How much a step of a pattern costs before any text, in characters of texts. */
const COMPILED = 1_000;

/**
 * Holds texts against patterns of strangers. The engine is RE2's: its time grows with the text and the
 * pattern and with nothing else, where JavaScript's own can take forever.
 */
export class PatternMatcher {
	private work = 0;
	private readonly length: number;
	private readonly known = new Map<string, string[] | undefined>();

	constructor(private readonly texts: string[]) {
		this.length = texts.reduce((sum, text) => sum + text.length + 1, 0);
	}

	/** The texts in which a pattern is found, or `undefined` for one that cannot be used. */
	matching(pattern: string): string[] | undefined {
		if (!this.known.has(pattern)) this.known.set(pattern, this.matched(pattern));
		return this.known.get(pattern);
	}

	private matched(pattern: string): string[] | undefined {
		if (
			this.work > MAX_WORK ||
			this.texts.length > MAX_TEXTS ||
			pattern.length > MAX_PATTERN_LENGTH
		)
			return undefined;
		try {
			const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
			this.work += compiled.programSize() * (COMPILED + this.length);
			if (this.work > MAX_WORK) return undefined;
			return this.texts.filter((text) => compiled.test(text));
		} catch {
			// RE2 has no references back, and looks neither ahead nor behind.
			return undefined;
		}
	}
}
