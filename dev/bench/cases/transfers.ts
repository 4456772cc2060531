import type { Course } from '../measure';
import { cpuRatio } from '../statistics';
import { addedMb, file, timesOf, type Extent, type Results } from './case';

const MB = 1e6;

/** One transfer, of one size. The largest is set against the bare node, and has the bars. */
interface Transfer {
	what: 'upload' | 'download';
	size: number;
	isLargest: boolean;
	/** The job's arguments for a small file, and for this one. */
	warmUp: unknown[];
	args: unknown[];
}

async function transfer(
	course: Course,
	{ what, size, isLargest, warmUp, args }: Transfer,
	{ barred, others }: Results,
	{ isQuick, pairs, few }: Extent,
): Promise<void> {
	if (isQuick && !isLargest) return;
	const pair = { who: ['node', 'bareNode'], job: what, warmUp, args };
	const runs = isLargest ? await course.contest(pair, pairs) : {};
	const rivals = isLargest
		? ['cloudEdition', 'curl', 'official', 'httpRecipe']
		: ['node', 'official'];
	if (!isQuick) {
		const contest = { who: rivals, job: what, warmUp, args };
		Object.assign(runs, await course.contest(contest, { processes: few, turns: 1 }));
	}
	for (const [who, measured] of Object.entries(runs)) {
		Object.assign(others, timesOf(`${what} ${size} MB`, who, measured));
		// curl's memory is its own.
		if (who !== 'curl') others[`${what} ${size} MB, added MB, ${who}`] = addedMb(measured);
	}
	if (!isLargest) return;
	barred[`${what}.cpuRatioBare`] = cpuRatio(runs.node!, runs.bareNode!);
	barred[`${what}.rssMb`] = addedMb(runs.node!);
	if (runs.cloudEdition) barred[`${what}.cloudRssMb`] = addedMb(runs.cloudEdition);
}

/** Files from n8n’s store to the Files API. */
export async function upload(
	course: Course,
	folder: string,
	results: Results,
	extent: Extent,
): Promise<void> {
	const warmUp = [await file(folder, 'small.bin', 50_000)];
	for (const size of [10, 50, 99]) {
		const args = [await file(folder, `${size}.bin`, size * MB)];
		const isLargest = size === 99;
		await transfer(course, { what: 'upload', size, isLargest, warmUp, args }, results, extent);
	}
}

/** Output files into n8n’s store. */
export async function download(
	course: Course,
	_folder: string,
	results: Results,
	extent: Extent,
): Promise<void> {
	const warmUp = [await outputOf(course, 1)];
	for (const size of [50, 300]) {
		const args = [await outputOf(course, size)];
		const isLargest = size === 300;
		await transfer(course, { what: 'download', size, isLargest, warmUp, args }, results, extent);
	}
}

/** The id of a prediction whose output file has so many MB. */
async function outputOf(
	{ service: { baseUrl, token } }: Course,
	megabytes: number,
): Promise<string> {
	const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
	const ask = async (path: string, more: RequestInit = {}) =>
		(await (await fetch(baseUrl + path, { headers, ...more })).json()) as Record<string, unknown>;
	const { id, status } = await ask('/models/sandbox/payload/predictions', {
		method: 'POST',
		headers: { ...headers, prefer: 'wait=60' },
		body: JSON.stringify({ input: { megabytes } }),
	});
	if (status !== 'succeeded') throw new Error(`The output of ${megabytes} MB is ${String(status)}`);
	return String(id);
}
