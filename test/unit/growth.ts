/** What is faster than this is not told apart from the noise of a busy machine, in ms of CPU time. */
const NOISE_MS = 15;

/** Whoever takes so long, in ms of CPU time, needs no better measurement. */
const LONG_MS = 2_000;
const TRIES = 3;

/** The CPU time of the fastest of a few tries, in ms; the time of other processes does not count. */
export function cpuMs(run: () => void): number {
	let best = Infinity;
	for (let tries = 0; tries < TRIES; tries++) {
		best = Math.min(best, cpuMsOfOne(run));
		if (best > LONG_MS) break;
	}
	return best;
}

function cpuMsOfOne(run: () => void): number {
	const before = process.cpuUsage();
	run();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1_000;
}

/** Between n·log n and n², with what a busy machine adds. */
export const MAX_GROWTH = 2.4;
/**
 * A measurement over the bound is taken again so often: a busy machine adds to one, n² to each. One under
 * it is enough.
 */
const ROUNDS = 5;

/**
 * How much faster than n·log n the CPU time grows from one size to four times that: 1 is n·log n, and
 * n² is about 3.5. What is too fast to be measured counts as 0.
 */
export function growthOf<T>(
	size: number,
	make: (size: number) => T,
	run: (made: T) => void,
): number {
	const [few, many] = [make(size), make(4 * size)];
	// What V8 compiles is compiled before it is measured.
	run(make(Math.min(size, 100)));
	let least = Infinity;
	for (let round = 0; round < ROUNDS && least >= MAX_GROWTH; round++) {
		const little = cpuMs(() => run(few));
		for (let tries = 0; tries < TRIES && least >= MAX_GROWTH; tries++)
			least = Math.min(
				least,
				growthBetween(
					size,
					little,
					cpuMsOfOne(() => run(many)),
				),
			);
	}
	return least;
}

/** `growthOf` of what was measured already, in ms of CPU time for the size and for four times that. */
export function growthBetween(size: number, little: number, much: number): number {
	if (much < NOISE_MS) return 0;
	const large = 4 * size;
	const allowed = (large * Math.log(large)) / (size * Math.log(size));
	return much / Math.max(little, NOISE_MS / 4) / allowed;
}

/** The least of a few measurements of growth; one that is within the bound is enough. */
export async function leastGrowth(measure: () => Promise<number>): Promise<number> {
	let least = Infinity;
	for (let round = 0; round < ROUNDS && least >= MAX_GROWTH; round++) {
		least = Math.min(least, await measure());
	}
	return least;
}
