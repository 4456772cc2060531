import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { installNodePackage } from '../n8n/nodePackage';
import { Course, inTurn, output, ratios, spread, type Measured, type Spread } from './measure';

const run = promisify(execFile);
const root = resolve(__dirname, '../..');

/** What each figure must not exceed; ratios are to a rival in the same run. */
const BARS: Record<string, { bar: number; what: string }> = {
	'upload.wallRatioCurl': { bar: 1.25, what: '99 MB from n8n’s disk store, against curl -F' },
	'upload.rssMb': { bar: 64, what: 'memory that it adds, in MB' },
	'download.wallRatioCurl': { bar: 1.25, what: '300 MB into n8n’s disk store, against curl -o' },
	'download.rssMb': { bar: 100, what: 'memory that it adds, in MB' },
	'overhead.ratioOfficial': {
		bar: 0.8,
		what: '500 predictions with 50 kB each, 10 at a time, against the official client with data URIs',
	},
	'overhead.ratioOfficialDefault': {
		bar: 0.5,
		what: 'the same, against the official client with Buffers, which it uploads',
	},
	'overhead.ratioUndici': { bar: 1.3, what: 'the same, against a bare loop of requests' },
	'parallel.ratioIdeal': { bar: 1.08, what: '100 predictions of 1 s, 10 at a time, against 10 s' },
	connections: { bar: 12, what: 'connections for 500 predictions, 10 at a time' },
	'dedupe.uploads': { bar: 1, what: 'uploads of one 5 MB file in 50 items' },
	'latency.afterDoneMs': { bar: 50, what: 'from the model’s end to the node’s, in ms' },
	'load.ms': { bar: 40, what: 'loading the package, beyond n8n-workflow, in ms' },
	'pack.kb': { bar: 500, what: 'the tarball, in kB' },
	'install.s': { bar: 5, what: 'packing and installing it as n8n does, in s' },
	'waiting.workersHeld': {
		bar: 0,
		what: 'executions that hold the engine while 1,000 suspended predictions run',
	},
};

/** How often each pair of contestants is measured; `BENCH_REPEATS` says otherwise. */
const REPEATS = Number(process.env.BENCH_REPEATS ?? 5);
/** The same for what takes long. */
const FEW_REPEATS = Math.min(REPEATS, 3);
const MB = 1e6;

/** What is written: figures with a bar, and others that show growth and rivals. */
interface Results {
	barred: Record<string, Spread>;
	others: Record<string, Spread>;
}

type Case = (course: Course, folder: string, results: Results) => Promise<void>;

/** The runs of one transfer. The largest is set against curl, and has the bars. */
async function transfer(
	what: 'upload' | 'download',
	size: number,
	isLargest: boolean,
	measured: (who: string) => Promise<Measured>,
	{ barred, others }: Results,
): Promise<void> {
	const who = isLargest ? ['node', 'curl', 'official', 'httpRecipe'] : ['node', 'official'];
	const runs = await inTurn(
		isLargest ? REPEATS : FEW_REPEATS,
		Object.fromEntries(who.map((each) => [each, async () => await measured(each)])),
	);
	const addedMb = (each: string) => spread(runs[each]!.map((run) => run.addedMb));
	for (const each of who.filter((name) => name !== 'curl'))
		others[`${what} ${size} MB, added MB, ${each}`] = addedMb(each);
	for (const each of who) others[`${what} ${size} MB, ms, ${each}`] = spread(msOf(runs[each]!));
	if (!isLargest) return;
	barred[`${what}.wallRatioCurl`] = ratios(msOf(runs.node!), msOf(runs.curl!));
	barred[`${what}.rssMb`] = addedMb('node');
}

async function upload(course: Course, folder: string, results: Results): Promise<void> {
	const small = await file(folder, 'small.bin', 50_000);
	for (const size of [10, 50, 99]) {
		const path = await file(folder, `${size}.bin`, size * MB);
		const measured = async (who: string) => await course.measure(who, 'upload', [small], [path]);
		await transfer('upload', size, size === 99, measured, results);
	}
}

async function download(course: Course, _folder: string, results: Results): Promise<void> {
	for (const size of [50, 300]) {
		const id = await outputOf(course, size);
		const small = await outputOf(course, 1);
		const measured = async (who: string) => await course.measure(who, 'download', [small], [id]);
		await transfer('download', size, size === 300, measured, results);
	}
}

async function overhead(
	course: Course,
	folder: string,
	{ barred, others }: Results,
): Promise<void> {
	const paths = await Promise.all(
		Array.from({ length: 500 }, async (_, index) => await file(folder, `${index}.png`, 50_000)),
	);
	const measured = (who: string, count: number) => async () =>
		await course.measure(who, 'predict', [paths.slice(0, 20), 10], [paths.slice(0, count), 10]);
	for (const count of [100, 250]) {
		const runs = await inTurn(FEW_REPEATS, {
			node: measured('node', count),
			official: measured('official', count),
		});
		for (const who of ['node', 'official'])
			others[`${count} predictions, ms, ${who}`] = spread(msOf(runs[who]!));
	}
	const who = ['node', 'officialDataUri', 'official', 'undiciLoop', 'httpRecipe'];
	const runs = await inTurn(
		REPEATS,
		Object.fromEntries(who.map((each) => [each, measured(each, paths.length)])),
	);
	for (const each of who) others[`500 predictions, ms, ${each}`] = spread(msOf(runs[each]!));
	barred['overhead.ratioOfficial'] = ratios(msOf(runs.node!), msOf(runs.officialDataUri!));
	barred['overhead.ratioOfficialDefault'] = ratios(msOf(runs.node!), msOf(runs.official!));
	barred['overhead.ratioUndici'] = ratios(msOf(runs.node!), msOf(runs.undiciLoop!));
	barred.connections = spread(runs.node!.map(({ seen }) => seen.connections));
	for (const each of who)
		others[`500 predictions, connections, ${each}`] = spread(
			runs[each]!.map(({ seen }) => seen.connections),
		);
}

async function parallel(
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

async function dedupe(course: Course, folder: string, { barred, others }: Results): Promise<void> {
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

async function latency(
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

async function load(_course: Course, _folder: string, { barred }: Results): Promise<void> {
	const script = `
		const at = require('${root}/package.json').n8n;
		require('n8n-workflow');
		const startedAt = performance.now();
		for (const file of [...at.nodes, ...at.credentials]) {
			const exported = Object.values(require('${root}/' + file))[0];
			new exported();
		}
		process.stdout.write(String(performance.now() - startedAt));`;
	const once = async () =>
		Number((await run(process.execPath, ['-e', script], { cwd: root })).stdout);
	barred['load.ms'] = spread((await inTurn(9, { node: once })).node!);
}

async function install(_course: Course, folder: string, { barred }: Results): Promise<void> {
	const { stdout } = await run(process.execPath, [
		process.env.npm_execpath!,
		'pack',
		'--dry-run',
		'--json',
	]);
	const [{ size }] = JSON.parse(stdout) as [{ size: number }];
	barred['pack.kb'] = spread([size / 1_000]);
	const once = async () => {
		const user = await mkdtemp(join(folder, 'n8n-'));
		const startedAt = performance.now();
		await installNodePackage(user);
		return (performance.now() - startedAt) / 1_000;
	};
	barred['install.s'] = spread((await inTurn(3, { node: once })).node!);
}

async function waiting(
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

const CASES: Record<string, Case> = {
	upload,
	download,
	overhead,
	parallel,
	dedupe,
	latency,
	load,
	install,
	waiting,
};

/** Measures the cases that are named, or all of them, and writes the results. */
async function main(): Promise<void> {
	const { positionals } = parseArgs({ allowPositionals: true });
	const folder = await mkdtemp(join(tmpdir(), 'bench-'));
	await mkdir(folder, { recursive: true });
	const results: Results = { barred: {}, others: {} };
	for (const [name, measure] of Object.entries(CASES)) {
		if (positionals.length > 0 && !positionals.includes(name)) continue;
		process.stderr.write(`${name} …\n`);
		const course = await Course.open();
		await measure(course, folder, results).finally(() => course.close());
	}
	await rm(folder, { recursive: true });
	const table = tableOf(results);
	process.stdout.write(await format(table, { parser: 'markdown' }));
	if (positionals.length === 0) {
		const config = await resolveConfig(join(root, 'dev/bench'));
		const json = await format(JSON.stringify(results), { ...config, parser: 'json' });
		await writeFile(join(root, 'dev/bench', 'results.json'), json);
		const text = await format(`# Results\n\n${table}`, { ...config, parser: 'markdown' });
		await writeFile(join(root, 'dev/bench', 'results.md'), text);
	}
	const missed = Object.entries(results.barred).filter(
		([key, { median }]) => median > BARS[key]!.bar,
	);
	if (missed.length > 0) {
		process.stderr.write(`Over the bar: ${missed.map(([key]) => key).join(', ')}\n`);
		process.exitCode = 1;
	}
}

function tableOf({ barred, others }: Results): string {
	const cells = ({ median, least, most, runs }: Spread) =>
		`${median} | ${least} – ${most} | ${runs} |`;
	const first = Object.entries(barred).map(
		([key, values]) => `| \`${key}\` | ${BARS[key]!.what} | ≤ ${BARS[key]!.bar} | ${cells(values)}`,
	);
	const second = Object.entries(others).map(([key, values]) => `| ${key} | ${cells(values)}`);
	return [
		'| key | what | bar | median | range | runs |',
		'| --- | --- | --: | --: | --: | --: |',
		...first,
		'',
		'| growth, and rivals | median | range | runs |',
		'| --- | --: | --: | --: |',
		...second,
		'',
	].join('\n');
}

function msOf(runs: Measured[]): number[] {
	return runs.map(({ ms }) => ms);
}

async function file(folder: string, name: string, bytes: number): Promise<string> {
	const path = join(folder, name);
	await writeFile(path, randomBytes(bytes));
	return path;
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

main().catch((error: unknown) => {
	process.stderr.write(`${(error as Error).stack}\n`);
	process.exitCode = 1;
});
