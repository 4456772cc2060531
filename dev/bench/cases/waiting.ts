import { inTurn, spread, type Course } from '../measure';
import { FEW_REPEATS, msOf, type Results } from './case';

/** Predictions that run at the same time. */
export async function parallel(
	course: Course,
	_folder: string,
	{ barred, others }: Results,
): Promise<void> {
	const who = ['node', 'official', 'httpRecipe'];
	const runs = await inTurn(
		FEW_REPEATS,
		Object.fromEntries(
			who.map((each) => [
				each,
				async () => await course.measure(each, 'wait', [0, 1, 1], [1, 100, 10]),
			]),
		),
	);
	for (const each of who)
		others[`100 of 1 s, 10 at a time, ms, ${each}`] = spread(msOf(runs[each]!));
	barred['parallel.ratioIdeal'] = spread(runs.node!.map(({ ms }) => ms / 10_000));
}

/** How soon the end of a prediction is noticed. */
export async function latency(
	course: Course,
	_folder: string,
	{ barred, others }: Results,
): Promise<void> {
	const ours: number[] = [];
	for (const seconds of [0.5, 2, 7]) {
		const who = ['node', 'official', 'httpRecipe', 'pollingNode'];
		const runs = await inTurn(
			FEW_REPEATS,
			Object.fromEntries(
				who.map((each) => [
					each,
					async () => await course.measure(each, 'wait', [0, 1, 1], [seconds, 1, 1]),
				]),
			),
		);
		for (const each of who) {
			const after = runs[each]!.map(({ endedAt, seen }) => endedAt - seen.lastEndedAt);
			others[`after the end of a model of ${seconds} s, ms, ${each}`] = spread(after);
			if (each === 'node') ours.push(...after);
		}
	}
	barred['latency.afterDoneMs'] = spread(ours);
}
