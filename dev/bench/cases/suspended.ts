import { output, type Course } from '../measure';
import { figureOf } from '../statistics';
import type { Results } from './case';

/** What executions hold while they wait for callbacks. */
export async function suspended(
	course: Course,
	_folder: string,
	{ barred, others }: Results,
): Promise<void> {
	const { service } = course;
	const script = ['--import', 'tsx', 'dev/bench/suspended.ts'];
	const stdout = await output([...script, '1000', service.baseUrl, service.token]);
	const { held, running, addedMb } = JSON.parse(stdout) as Record<string, number>;
	barred['waiting.workersHeld'] = figureOf([held!]);
	others['predictions that ran meanwhile'] = figureOf([running!]);
	others['1,000 suspended executions, added MB'] = figureOf([addedMb!]);
}

/**
 * Suspended executions: how many predictions each has, how long the first runs, in s, until all are
 * created, and how many end in a second at most.
 */
const SUSPENDED = [
	{ count: 100, seconds: 2, perSecond: 1_000 },
	{ count: 1_000, seconds: 10, perSecond: 1_000 },
	// Takes a quarter of an hour: n8n reads the whole execution for each callback that comes alone.
	{ count: 5_000, seconds: 45, perSecond: 1_000 },
];

/** What the callbacks of one suspended execution cost, and how many are taken in a second. */
export async function callbacks(
	course: Course,
	_folder: string,
	{ barred, others }: Results,
): Promise<void> {
	const { service } = course;
	const reads: number[] = [];
	for (const { count, seconds, perSecond } of SUSPENDED) {
		await course.seen();
		const numbers = [count, seconds, perSecond].map(String);
		const script = ['--import', 'tsx', 'dev/bench/callbacks.ts', ...numbers];
		const stdout = await output([...script, service.baseUrl, service.token]);
		const { ms } = JSON.parse(stdout) as { ms: number };
		const seen = await course.seen();
		reads.push(seen.reads / count);
		others[`API reads for each of ${count} suspended predictions`] = figureOf([reads.at(-1)!]);
		others[`callbacks in a second, of ${count}, at most ${perSecond} a second`] = figureOf([
			(count / ms) * 1_000,
		]);
	}
	barred['suspended.readsPerPrediction'] = figureOf([Math.max(...reads)]);
}
