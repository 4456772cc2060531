/** What several runs gave: the middle, and between which values it lies with a certainty of 90 %. */
export interface Figure {
	median: number;
	/** Ends of the interval. */
	low: number;
	high: number;
	runs: number;
	/** The same ratio in wall time, where the figure is one of CPU time. */
	wall?: number;
}

/** What a run cost: CPU time of its process and of its children, and time on the wall, in ms. */
export interface Times {
	cpuMs: number;
	ms: number;
}

/** How often values are drawn for an interval. */
const DRAWS = 2_000;
const CERTAINTY = 0.9;

/** The median of values, with the interval that a bootstrap gives for it. The same values give the same. */
export function figureOf(values: number[]): Figure {
	const random = seeded(1);
	const medians = Array.from({ length: DRAWS }, () =>
		medianOf(values.map(() => values[Math.floor(random() * values.length)]!)),
	).sort((one, other) => one - other);
	const tail = (1 - CERTAINTY) / 2;
	return {
		median: rounded(medianOf(values)),
		low: rounded(medians[Math.floor(tail * (DRAWS - 1))]!),
		high: rounded(medians[Math.ceil((1 - tail) * (DRAWS - 1))]!),
		runs: values.length,
	};
}

/** The CPU time of one contestant's runs against those of another that were made beside them. */
export function cpuRatio(ours: Times[], theirs: Times[]): Figure {
	const ratio = (time: keyof Times) => ours.map((run, turn) => run[time] / theirs[turn]![time]);
	return { ...figureOf(ratio('cpuMs')), wall: rounded(medianOf(ratio('ms'))) };
}

/** Whether a figure is over its bar: not while the bar lies in its interval. */
export function isOver({ low }: Figure, bar: number): boolean {
	return low > bar;
}

export function medianOf(values: number[]): number {
	const sorted = [...values].sort((one, other) => one - other);
	const upper = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[upper]! : (sorted[upper - 1]! + sorted[upper]!) / 2;
}

function rounded(value: number): number {
	return Math.round(value * 1_000) / 1_000;
}

/** Numbers from 0 to 1 that are always the same (mulberry32). */
function seeded(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
