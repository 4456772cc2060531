import { inTurn, measureAlone, ratios, spread, type Course } from '../measure';
import { FEW_REPEATS, file, msOf, REPEATS, type Results } from './case';

const MB = 1e6;
/**
 * Predictions before the clock starts, of every contestant: n8n is a server that has run for long. After
 * 250, V8 still optimizes the code of the larger ones.
 */
const WARM_UP = 1_000;

/** What 500 small predictions cost beside the requests themselves. */
export async function overhead(
	_course: Course,
	folder: string,
	{ barred, others }: Results,
): Promise<void> {
	const paths = await Promise.all(
		Array.from({ length: 500 }, async (_, index) => await file(folder, `${index}.png`, 50_000)),
	);
	const warmUp = Array.from({ length: WARM_UP }, (_, index) => paths[index % paths.length]!);
	const measured = (who: string, count: number) => async () =>
		await measureAlone(who, 'predict', [warmUp, 10], [paths.slice(0, count), 10]);
	for (const count of [100, 250]) {
		const runs = await inTurn(FEW_REPEATS, {
			node: measured('node', count),
			official: measured('official', count),
		});
		for (const who of ['node', 'official'])
			others[`${count} predictions, ms, ${who}`] = spread(msOf(runs[who]!));
	}
	const who = [
		'node',
		'bareNode',
		'cloudEdition',
		'officialDataUri',
		'official',
		'undiciLoop',
		'httpRecipe',
	];
	const runs = await inTurn(
		REPEATS,
		Object.fromEntries(who.map((each) => [each, measured(each, paths.length)])),
	);
	for (const each of who) others[`500 predictions, ms, ${each}`] = spread(msOf(runs[each]!));
	barred['overhead.ratioOfficial'] = ratios(msOf(runs.node!), msOf(runs.officialDataUri!));
	barred['overhead.ratioOfficialDefault'] = ratios(msOf(runs.node!), msOf(runs.official!));
	barred['overhead.ratioUndici'] = ratios(msOf(runs.node!), msOf(runs.bareNode!));
	barred.connections = spread(runs.node!.map(({ seen }) => seen.connections));
	for (const each of who)
		others[`500 predictions, connections, ${each}`] = spread(
			runs[each]!.map(({ seen }) => seen.connections),
		);
}

/** How often one file goes up that many items have. */
export async function dedupe(
	course: Course,
	folder: string,
	{ barred, others }: Results,
): Promise<void> {
	const small = await file(folder, 'small.bin', 50_000);
	const same = await file(folder, 'same.bin', 5 * MB);
	for (const who of ['node', 'official']) {
		const { seen } = await course.measure(
			who,
			'predict',
			[[small], 1],
			[Array.from({ length: 50 }, () => same), 10],
		);
		// The official client uploads its warm-up as well.
		const uploads = spread([seen.uploads - (who === 'official' ? 1 : 0)]);
		others[`uploads of one file in 50 items, ${who}`] = uploads;
		if (who === 'node') barred['dedupe.uploads'] = uploads;
	}
}
