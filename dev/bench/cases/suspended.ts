import { output, spread, type Course } from '../measure';
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
	barred['waiting.workersHeld'] = spread([held!]);
	others['predictions that ran meanwhile'] = spread([running!]);
	others['1,000 suspended executions, added MB'] = spread([addedMb!]);
}

/** How long the predictions of one execution run, in s, by their number: until all are created. */
const RUN_S = { 100: 2, 1_000: 10, 5_000: 45 };

/** What the callbacks of one suspended execution cost, and how many are taken in a second. */
export async function callbacks(
	course: Course,
	_folder: string,
	{ barred, others }: Results,
): Promise<void> {
	const { service } = course;
	const reads: number[] = [];
	for (const [count, seconds] of Object.entries(RUN_S)) {
		await course.seen();
		const script = ['--import', 'tsx', 'dev/bench/callbacks.ts', count, String(seconds)];
		const stdout = await output([...script, service.baseUrl, service.token]);
		const { ms } = JSON.parse(stdout) as { ms: number };
		const seen = await course.seen();
		reads.push(seen.reads / Number(count));
		others[`API reads for each of ${count} suspended predictions`] = spread([reads.at(-1)!]);
		others[`callbacks in a second, of ${count} in one execution`] = spread([
			(Number(count) / ms) * 1_000,
		]);
	}
	barred['suspended.readsPerPrediction'] = spread([Math.max(...reads)]);
}
