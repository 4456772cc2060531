import { output, type Course } from '../measure';
import { figureOf } from '../statistics';
import type { Extent, Results } from './case';

/** How long n8n stands still because of a run, of an output, of what strangers write; and webhooks. */
export async function stall(
	_course: Course,
	_folder: string,
	{ barred }: Results,
	{ few }: Extent,
): Promise<void> {
	const runs: Array<Record<string, number>> = [];
	for (let run = 0; run < few; run++) {
		const stdout = await output(['--expose-gc', '--import', 'tsx', 'dev/bench/stall.ts']);
		runs.push(JSON.parse(stdout) as Record<string, number>);
	}
	for (const key of ['runMs', 'outputMs', 'hostileMs']) {
		barred[`stall.${key}`] = figureOf(runs.map((run) => run[key]!));
	}
	barred['webhook.ratio'] = figureOf(runs.map(({ webhookRatio }) => webhookRatio!));
}
