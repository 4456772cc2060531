import { inTurn, ratios, spread, type Course, type Measured } from '../measure';
import { FEW_REPEATS, file, msOf, REPEATS, type Results } from './case';

const MB = 1e6;

/** The runs of one transfer. The largest is set against the floor, and has the bars. */
async function transfer(
	what: 'upload' | 'download',
	size: number,
	isLargest: boolean,
	measured: (who: string) => Promise<Measured>,
	{ barred, others }: Results,
): Promise<void> {
	const who = isLargest
		? ['node', 'bareNode', 'cloudEdition', 'curl', 'official', 'httpRecipe']
		: ['node', 'official'];
	const runs = await inTurn(
		isLargest ? REPEATS : FEW_REPEATS,
		Object.fromEntries(who.map((each) => [each, async () => await measured(each)])),
	);
	const addedMb = (each: string) => spread(runs[each]!.map((run) => run.addedMb));
	for (const each of who.filter((name) => name !== 'curl'))
		others[`${what} ${size} MB, added MB, ${each}`] = addedMb(each);
	for (const each of who) others[`${what} ${size} MB, ms, ${each}`] = spread(msOf(runs[each]!));
	if (!isLargest) return;
	barred[`${what}.ratioFloor`] = ratios(msOf(runs.node!), msOf(runs.bareNode!));
	others[`${what} ${size} MB, against curl`] = ratios(msOf(runs.node!), msOf(runs.curl!));
	barred[`${what}.rssMb`] = addedMb('node');
	barred[`${what}.cloudRssMb`] = addedMb('cloudEdition');
}

/** Files from n8n’s store to the Files API. */
export async function upload(course: Course, folder: string, results: Results): Promise<void> {
	const small = await file(folder, 'small.bin', 50_000);
	for (const size of [10, 50, 99]) {
		const path = await file(folder, `${size}.bin`, size * MB);
		const measured = async (who: string) => await course.measure(who, 'upload', [small], [path]);
		await transfer('upload', size, size === 99, measured, results);
	}
}

/** Output files into n8n’s store. */
export async function download(course: Course, _folder: string, results: Results): Promise<void> {
	for (const size of [50, 300]) {
		const id = await outputOf(course, size);
		const small = await outputOf(course, 1);
		const measured = async (who: string) => await course.measure(who, 'download', [small], [id]);
		await transfer('download', size, size === 300, measured, results);
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
