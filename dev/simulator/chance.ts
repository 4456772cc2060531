/**
 * The chances of one history. Each choice is drawn under a key of its own from the seed, so that one that
 * is left out changes no other: a failing history is cut down by leaving out choice after choice.
 */
export class Chance {
	/** The keys under which something else than the plainest choice was made. */
	readonly strayed = new Map<string, string>();

	/**
	 * @param seed of the history
	 * @param kept the only keys that may stray from the plainest choice; all when it is left out
	 */
	constructor(
		readonly seed: number,
		private readonly kept?: ReadonlySet<string>,
	) {}

	/** One of these choices by their weights; the first is the plainest. */
	pick<T>(key: string, ...choices: Array<readonly [weight: number, value: T]>): T {
		const plainest = choices[0]![1];
		if (this.kept && !this.kept.has(key)) return plainest;
		let left = this.number(key) * choices.reduce((sum, [weight]) => sum + weight, 0);
		const [, value] = choices.find(([weight]) => (left -= weight) < 0) ?? choices.at(-1)!;
		if (value !== plainest) this.strayed.set(key, shown(value));
		return value;
	}

	/** Whether something happens that happens so often; plainest is that it does not. */
	happens(key: string, probability: number): boolean {
		return this.pick(key, [1 - probability, false], [probability, true]);
	}

	/** A whole number from `min`, which is the plainest, to `max`. */
	between(key: string, min: number, max: number): number {
		if (this.kept && !this.kept.has(key)) return min;
		const value = min + Math.floor(this.number(key) * (max - min + 1));
		if (value !== min) this.strayed.set(key, String(value));
		return value;
	}

	/** In [0, 1): the same for the same seed and key (FNV-1a, mixed as Mulberry32 does). */
	private number(key: string): number {
		let state = (this.seed ^ 0x811c9dc5) | 0;
		for (let at = 0; at < key.length; at++) {
			state = Math.imul(state ^ key.charCodeAt(at), 0x01000193);
		}
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	}
}

function shown(value: unknown): string {
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
