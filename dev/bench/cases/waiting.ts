import type { Course } from '../measure';
import { figureOf } from '../statistics';
import type { Extent, Results } from './case';

/** Predictions that run at the same time. */
export async function parallel(
	course: Course,
	_folder: string,
	{ barred, others }: Results,
	{ few }: Extent,
): Promise<void> {
	const who = ['node', 'official', 'httpRecipe'];
	const runs = await course.contest(
		{ who, job: 'wait', warmUp: [0, 1, 1], args: [1, 100, 10] },
		{ processes: few, turns: 1 },
	);
	for (const each of who)
		others[`100 of 1 s, 10 at a time, ms, ${each}`] = figureOf(runs[each]!.map(({ ms }) => ms));
	barred['parallel.ratioIdeal'] = figureOf(runs.node!.map(({ ms }) => ms / 10_000));
}

/** How soon the end of a prediction is noticed. */
export async function latency(
	course: Course,
	_folder: string,
	{ barred, others }: Results,
	{ few }: Extent,
): Promise<void> {
	const who = ['node', 'official', 'httpRecipe', 'pollingNode'];
	const ours: number[] = [];
	for (const seconds of [0.5, 2, 7]) {
		const runs = await course.contest(
			{ who, job: 'wait', warmUp: [0, 1, 1], args: [seconds, 1, 1] },
			{ processes: few, turns: 1 },
		);
		for (const each of who) {
			const after = runs[each]!.map(({ endedAt, seen }) => endedAt - seen.lastEndedAt);
			others[`after the end of a model of ${seconds} s, ms, ${each}`] = figureOf(after);
			if (each === 'node') ours.push(...after);
		}
	}
	barred['latency.afterDoneMs'] = figureOf(ours);
}
