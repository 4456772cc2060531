import type { Course, Measured } from '../measure';
import { cpuRatio, figureOf } from '../statistics';
import { file, timesOf, type Extent, type Results } from './case';

const MB = 1e6;
const CONCURRENCY = 10;
/**
 * Predictions before the clock starts, of every contestant: n8n is a server that has run for long. After
 * 250, V8 still optimizes the code of the larger ones.
 */
const WARM_UP = 1_000;

/** What 500 small predictions cost beside the requests themselves. */
export async function overhead(
	course: Course,
	folder: string,
	{ barred, others }: Results,
	{ isQuick, pairs, few }: Extent,
): Promise<void> {
	const paths = await Promise.all(
		Array.from({ length: 500 }, async (_, index) => await file(folder, `${index}.png`, 50_000)),
	);
	const warmUp = Array.from({ length: WARM_UP }, (_, index) => paths[index % paths.length]!);
	const contest = async (who: string[], count: number, rounds = pairs) =>
		await course.contest(
			{
				who,
				job: 'predict',
				warmUp: [warmUp, CONCURRENCY],
				args: [paths.slice(0, count), CONCURRENCY],
			},
			rounds,
		);
	const add = (count: number, runs: Record<string, Measured[]>) => {
		for (const [who, measured] of Object.entries(runs))
			Object.assign(others, timesOf(`${count} predictions`, who, measured));
	};
	const runs = await contest(['node', 'officialDataUri', 'official', 'bareNode'], paths.length);
	add(paths.length, runs);
	barred['overhead.cpuRatioOfficial'] = cpuRatio(runs.node!, runs.officialDataUri!);
	barred['overhead.cpuRatioOfficialDefault'] = cpuRatio(runs.node!, runs.official!);
	barred['overhead.cpuRatioBare'] = cpuRatio(runs.node!, runs.bareNode!);
	barred.connections = figureOf(runs.node!.map(({ seen }) => seen.connections));
	if (isQuick) return;

	const once = { processes: few, turns: 1 };
	for (const count of [100, 250]) add(count, await contest(['node', 'official'], count, once));
	const rivals = await contest(['cloudEdition', 'undiciLoop', 'httpRecipe'], paths.length, once);
	add(paths.length, rivals);
	for (const [who, measured] of Object.entries({ ...runs, ...rivals }))
		others[`500 predictions, connections, ${who}`] = figureOf(
			measured.map(({ seen }) => seen.connections),
		);
}

/** How many requests a prediction takes that ends while its create is held, in both editions. */
export async function requests(
	course: Course,
	folder: string,
	{ barred, others }: Results,
): Promise<void> {
	const small = await file(folder, 'small.bin', 50_000);
	const count = 50;
	for (const who of ['node', 'cloudEdition']) {
		const paths = Array.from({ length: count }, () => small);
		const runs = [
			await course.measure(who, 'predict', [[small], 1], [paths, CONCURRENCY]),
			await course.measure(who, 'wait', [0, 1, 1], [1, count, CONCURRENCY]),
		];
		const asked = runs.map(({ seen }) => seen.requests / count);
		const key = who === 'node' ? 'requests.perPrediction' : 'requests.cloudPerPrediction';
		barred[key] = figureOf([Math.max(...asked)]);
		const opened = Math.max(...runs.map(({ seen }) => seen.connections));
		others[`${count} predictions, connections, ${who}`] = figureOf([opened]);
	}
}

/** How often one file goes up that many items have. */
export async function dedupe(
	course: Course,
	folder: string,
	{ barred, others }: Results,
): Promise<void> {
	const small = await file(folder, 'small.bin', 50_000);
	const same = await file(folder, 'same.bin', 5 * MB);
	const paths = Array.from({ length: 50 }, () => same);
	for (const who of ['node', 'official']) {
		const { seen } = await course.measure(who, 'predict', [[small], 1], [paths, CONCURRENCY]);
		const uploads = figureOf([seen.uploads]);
		others[`uploads of one file in 50 items, ${who}`] = uploads;
		if (who === 'node') barred['dedupe.uploads'] = uploads;
	}
}
