import { play, type Played } from './history';
import { wrongsOf, type Wrong } from './oracle';
import { readNodes } from './processes';
import { takeTheClock } from './stage';

export { readNodes, takeTheClock };

/** What came of one seed. */
export interface Judged {
	played: Played;
	wrongs: Wrong[];
}

/** Plays a seed, and judges its end. */
export async function judge(seed: number, kept?: ReadonlySet<string>): Promise<Judged> {
	const played = await play(seed, kept);
	return { played, wrongs: wrongsOf(played) };
}

/**
 * The same failure with as few strayed choices as can be found: leaves out halves, quarters and so on,
 * down to single ones, until nothing can be left out.
 */
export async function shortest(seed: number, { played, wrongs }: Judged): Promise<Judged> {
	const kind = wrongs[0]!.kind;
	let best: Judged = { played, wrongs };
	let keys = [...played.chance.strayed.keys()];
	for (let size = Math.ceil(keys.length / 2); size >= 1;) {
		let isShorter = false;
		for (let from = 0; from < keys.length;) {
			const fewer = [...keys.slice(0, from), ...keys.slice(from + size)];
			const judged = await judge(seed, new Set(fewer));
			if (judged.wrongs.some((wrong) => wrong.kind === kind)) {
				best = judged;
				keys = fewer.filter((key) => judged.played.chance.strayed.has(key));
				isShorter = true;
			} else from += size;
		}
		if (!isShorter || size > 1) size = size === 1 ? 0 : Math.ceil(size / 2);
	}
	return best;
}
