import { inTurn, spread, type Course } from '../measure';
import { FEW_REPEATS, msOf, type Results } from './case';

const [FEW, MANY] = [1_000, 10_000];
const CONCURRENCY = 10;

/** What many items cost whose predictions end at once and have no files. */
export async function scale(
	course: Course,
	_folder: string,
	{ barred, others }: Results,
): Promise<void> {
	const measured = (who: string, count: number) => async () =>
		await course.measure(who, 'wait', [0, 20, CONCURRENCY], [0, count, CONCURRENCY]);
	const runs = await inTurn(FEW_REPEATS, {
		few: measured('node', FEW),
		many: measured('node', MANY),
		bareFew: measured('bareNode', FEW),
		bareMany: measured('bareNode', MANY),
		passingOn: measured('passingOn', MANY),
	});
	const perItem = (few: string, many: string) =>
		spread(runs[many]!.map(({ ms }, turn) => ms / MANY / (runs[few]![turn]!.ms / FEW)));
	const addedMb = (who: string) => spread(runs[who]!.map((run) => run.addedMb));
	barred['scale.msPerItemRatio'] = perItem('few', 'many');
	barred['scale.rssMb'] = addedMb('many');
	others['the same ratio of a node with bare requests'] = perItem('bareFew', 'bareMany');
	others['10,000 instant items, ms, node'] = spread(msOf(runs.many!));
	others['10,000 instant items, ms, bareNode'] = spread(msOf(runs.bareMany!));
	others['10,000 instant items, added MB, bareNode'] = addedMb('bareMany');
	others['10,000 items that are only passed on, added MB'] = addedMb('passingOn');
}
