import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Course, Measured, Rounds } from '../measure';
import { figureOf, type Figure } from '../statistics';

/** What is written: figures with a bar, and others that show growth and rivals. */
export interface Results {
	barred: Record<string, Figure>;
	others: Record<string, Figure>;
}

/** How much is measured. */
export interface Extent {
	/** Only what has a bar and is measured in seconds. */
	isQuick: boolean;
	/** For contestants that are set against each other: at least nine pairs. */
	pairs: Rounds;
	/** For what takes long and is not noisy. */
	few: number;
}

export const WHOLE: Extent = { isQuick: false, pairs: { processes: 3, turns: 4 }, few: 3 };
export const QUICK: Extent = { isQuick: true, pairs: { processes: 1, turns: 9 }, few: 1 };

/** Measures one thing, with a sandbox of its own and a folder for its files. */
export type Case = (
	course: Course,
	folder: string,
	results: Results,
	extent: Extent,
) => Promise<void>;

/** CPU time and wall time of a contestant, as two rows. */
export function timesOf(what: string, who: string, runs: Measured[]): Record<string, Figure> {
	return {
		[`${what}, CPU ms, ${who}`]: figureOf(runs.map(({ cpuMs }) => cpuMs)),
		[`${what}, ms, ${who}`]: figureOf(runs.map(({ ms }) => ms)),
	};
}

/** The memory that the first run in each process added, in MB. */
export function addedMb(runs: Measured[]): Figure {
	return figureOf(runs.filter(({ isFirst }) => isFirst).map((run) => run.addedMb));
}

/** Writes a file of random bytes, and gives its path. */
export async function file(folder: string, name: string, bytes: number): Promise<string> {
	const path = join(folder, name);
	await writeFile(path, randomBytes(bytes));
	return path;
}
