import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Course, Measured, Spread } from '../measure';

/** What is written: figures with a bar, and others that show growth and rivals. */
export interface Results {
	barred: Record<string, Spread>;
	others: Record<string, Spread>;
}

/** Measures one thing, with a sandbox of its own and a folder for its files. */
export type Case = (course: Course, folder: string, results: Results) => Promise<void>;

/** How often each pair of contestants is measured; `BENCH_REPEATS` says otherwise. */
export const REPEATS = Number(process.env.BENCH_REPEATS ?? 5);
/** The same for what takes long. */
export const FEW_REPEATS = Math.min(REPEATS, 3);

export function msOf(runs: Measured[]): number[] {
	return runs.map(({ ms }) => ms);
}

/** Writes a file of random bytes, and gives its path. */
export async function file(folder: string, name: string, bytes: number): Promise<string> {
	const path = join(folder, name);
	await writeFile(path, randomBytes(bytes));
	return path;
}
