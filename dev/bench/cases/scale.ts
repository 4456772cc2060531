import type { Course, Measured } from '../measure';
import { cpuRatio, figureOf } from '../statistics';
import { addedMb, timesOf, type Extent, type Results } from './case';

const [FEW, MANY] = [1_000, 10_000];
const CONCURRENCY = 10;

/** What many items cost whose predictions end at once and have no files. */
export async function scale(
	course: Course,
	_folder: string,
	{ barred, others }: Results,
	{ isQuick, pairs, few }: Extent,
): Promise<void> {
	const contest = async (who: string[], count: number, warm: number, rounds = pairs) => {
		const [warmUp, args] = [warm, count].map((items) => [0, items, CONCURRENCY]);
		return await course.contest({ who, job: 'wait', warmUp: warmUp!, args: args! }, rounds);
	};
	const both = ['node', 'bareNode'];
	const runs = await contest(both, FEW, FEW);
	barred['items.cpuRatioBare'] = cpuRatio(runs.node!, runs.bareNode!);
	for (const who of both) Object.assign(others, timesOf('1,000 instant items', who, runs[who]!));

	// Memory is that of the first run in a process, which has had few items before.
	const many = await contest(both, MANY, 20, isQuick ? { processes: 1, turns: 1 } : pairs);
	barred['scale.rssMb'] = addedMb(many.node!);
	others['10,000 instant items, added MB, bareNode'] = addedMb(many.bareNode!);
	if (isQuick) return;
	barred['items.cpuRatioBareMany'] = cpuRatio(many.node!, many.bareNode!);
	for (const who of both) Object.assign(others, timesOf('10,000 instant items', who, many[who]!));
	const perItem = (who: string) => cpuRatio(each(many[who]!, MANY), each(runs[who]!, FEW));
	barred['scale.cpuPerItemRatio'] = perItem('node');
	others['the same ratio of a node with bare requests'] = perItem('bareNode');
	const { passingOn } = await contest(['passingOn'], MANY, 20, { processes: few, turns: 1 });
	others['10,000 items that are only passed on, added MB'] = figureOf(
		passingOn!.map((run) => run.addedMb),
	);
}

/** What each item of a run cost. */
function each(runs: Measured[], items: number): Measured[] {
	return runs.map((run) => ({ ...run, ms: run.ms / items, cpuMs: run.cpuMs / items }));
}
