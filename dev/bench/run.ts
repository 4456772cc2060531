import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { QUICK, WHOLE, type Case, type Results } from './cases/case';
import { dedupe, overhead, requests } from './cases/overhead';
import { install, load } from './cases/package';
import { scale } from './cases/scale';
import { stall } from './cases/stall';
import { callbacks, suspended } from './cases/suspended';
import { download, upload } from './cases/transfers';
import { latency, parallel } from './cases/waiting';
import { calibrate, describe, machineOf, type Machine } from './machine';
import { Course } from './measure';
import { isOver, type Figure } from './statistics';

const RESULTS = resolve(__dirname, 'results.json');

/** What each figure must not exceed; ratios are to a rival in the same run. */
const BARS: Record<string, { bar: number; what: string }> = {
	'upload.cpuRatioBare': {
		bar: 1.05,
		what: '99 MB from n8n’s disk store, against a node with a bare request',
	},
	'upload.rssMb': { bar: 64, what: 'memory that it adds, in MB' },
	'upload.cloudRssMb': { bar: 64, what: 'the same for the cloud edition' },
	'download.cpuRatioBare': {
		bar: 1.05,
		what: '300 MB into n8n’s disk store, against a node with a bare request',
	},
	'download.rssMb': { bar: 100, what: 'memory that it adds, in MB' },
	'download.cloudRssMb': { bar: 100, what: 'the same for the cloud edition' },
	'overhead.cpuRatioOfficial': {
		bar: 0.65,
		what: '500 predictions with 50 kB each, 10 at a time, against the official client with data URIs',
	},
	'overhead.cpuRatioOfficialDefault': {
		bar: 0.5,
		what: 'the same, against the official client with Buffers, which it uploads',
	},
	'overhead.cpuRatioBare': { bar: 1.25, what: 'the same, against a node with bare requests' },
	'items.cpuRatioBare': {
		bar: 1.15,
		what: '1,000 instant items, 10 at a time, against a node with bare requests',
	},
	'items.cpuRatioBareMany': { bar: 1.15, what: 'the same with 10,000 items' },
	'parallel.ratioIdeal': { bar: 1.08, what: '100 predictions of 1 s, 10 at a time, against 10 s' },
	connections: { bar: 12, what: 'connections for 500 predictions, 10 at a time' },
	'requests.perPrediction': {
		bar: 1.1,
		what: 'requests for each of 50 predictions that end while their create is held',
	},
	'requests.cloudPerPrediction': { bar: 1.1, what: 'the same for the cloud edition' },
	'dedupe.uploads': { bar: 1, what: 'uploads of one 5 MB file in 50 items' },
	'latency.afterDoneMs': { bar: 50, what: 'from the model’s end to the node’s, in ms' },
	'load.ms': { bar: 20, what: 'loading the package, beyond n8n-workflow, in ms of CPU' },
	'load.cloudMs': { bar: 20, what: 'the same for the cloud edition' },
	'load.mb': { bar: 0.5, what: 'heap after loading, in MB' },
	'load.cloudMb': { bar: 0.5, what: 'the same for the cloud edition' },
	'firstRun.ms': { bar: 175, what: 'the first execution beyond later ones, in ms of CPU' },
	'load.withFirstRunMs': { bar: 165, what: 'loading and the first execution, in ms of CPU' },
	'pack.kb': { bar: 500, what: 'the tarball, in kB' },
	'install.s': { bar: 5, what: 'packing and installing it as n8n does, in s' },
	'waiting.workersHeld': {
		bar: 0,
		what: 'executions that hold the engine while 1,000 suspended predictions run',
	},
	'scale.cpuPerItemRatio': {
		bar: 1.1,
		what: 'CPU time for each of 10,000 instant items, against that for each of 1,000',
	},
	'scale.rssMb': { bar: 50, what: 'memory that 10,000 instant items add, in MB' },
	'stall.runMs': {
		bar: 50,
		what: 'longest stall of the event loop in a run of 1,000 items with 50 kB each, in ms',
	},
	'stall.outputMs': { bar: 300, what: 'the same for an output of 20 MB, in ms' },
	'stall.hostileMs': { bar: 300, what: 'the same for the worst of what strangers write, in ms' },
	'webhook.ratio': { bar: 1.5, what: 'CPU time of the trigger’s call 10,000, against call 100' },
	'suspended.readsPerPrediction': {
		bar: 2.2,
		what: 'API reads for each of 1,000 suspended predictions, and of 5,000',
	},
};

const CASES: Record<string, Case> = {
	upload,
	download,
	overhead,
	parallel,
	requests,
	dedupe,
	latency,
	load,
	install,
	suspended,
	scale,
	callbacks,
	stall,
};

/** Those of `--quick`: what a change of the code can make slower, in five minutes. */
const QUICK_CASES = ['upload', 'download', 'overhead', 'requests', 'dedupe', 'scale', 'load'];

/** What is kept of the last run of each case. */
interface Kept extends Results {
	/** The machine of the last run of all cases, or of the cases that were named. */
	machine?: Machine;
}

/**
 * Measures the cases that are named, or all of them. What each gives is written when it has ended; what
 * `--quick` gives is only printed.
 */
async function main(): Promise<void> {
	const { positionals: names, values } = parseArgs({
		allowPositionals: true,
		options: { quick: { type: 'boolean', default: false } },
	});
	const extent = values.quick ? QUICK : WHOLE;
	const chosen = names.length > 0 ? names : extent.isQuick ? QUICK_CASES : Object.keys(CASES);
	const folder = await mkdtemp(join(tmpdir(), 'bench-'));
	const results: Results = { barred: {}, others: {} };
	const all: Kept = names.length > 0 ? await written() : { ...results };
	const start = calibrate();
	for (const [name, measure] of Object.entries(CASES)) {
		if (!chosen.includes(name)) continue;
		process.stderr.write(`${name} …\n`);
		const course = await Course.open();
		await measure(course, folder, results, extent).finally(() => course.close());
		all.machine = machineOf(start, calibrate());
		Object.assign(all.barred, results.barred);
		Object.assign(all.others, results.others);
		if (!extent.isQuick) await write(all);
	}
	await rm(folder, { recursive: true });
	const table = tableOf({ ...results, machine: all.machine });
	process.stdout.write(await format(table, { parser: 'markdown' }));
	report(results);
}

/** Says which bars were missed, and fails if one was. */
function report({ barred }: Results): void {
	const keys = (holds: (figure: Figure, bar: number) => boolean) =>
		Object.keys(barred).filter((key) => holds(barred[key]!, BARS[key]!.bar));
	const missed = keys(isOver);
	const unclear = keys((figure, bar) => figure.median > bar && !isOver(figure, bar));
	if (unclear.length > 0) process.stderr.write(`At the bar: ${unclear.join(', ')}\n`);
	if (missed.length > 0) {
		process.stderr.write(`Over the bar: ${missed.join(', ')}\n`);
		process.exitCode = 1;
	}
}

async function written(): Promise<Kept> {
	return JSON.parse(await readFile(RESULTS, 'utf8')) as Kept;
}

async function write(results: Kept): Promise<void> {
	const config = await resolveConfig(RESULTS);
	const json = await format(JSON.stringify(results), { ...config, parser: 'json' });
	await writeFile(RESULTS, json);
	const text = `# Results\n\n${tableOf(results)}`;
	const markdown = await format(text, { ...config, parser: 'markdown' });
	await writeFile(RESULTS.replace('.json', '.md'), markdown);
}

function tableOf({ barred, others, machine }: Kept): string {
	const cells = ({ median, low, high, runs }: Figure) =>
		`${median} | ${runs > 1 ? `${low} – ${high}` : ''} | ${runs} |`;
	const first = Object.entries(barred).map(
		([key, figure]) =>
			`| \`${key}\` | ${BARS[key]!.what} | ≤ ${BARS[key]!.bar} | ${cells(figure)} ${figure.wall ?? ''} |`,
	);
	const second = Object.entries(others).map(([key, figure]) => `| ${key} | ${cells(figure)}`);
	return [
		machine ? describe(machine) : '',
		'',
		'| key | what | bar | median | 90 % interval | runs | in wall time |',
		'| --- | --- | --: | --: | --: | --: | --: |',
		...first,
		'',
		'| growth, and rivals | median | 90 % interval | runs |',
		'| --- | --: | --: | --: |',
		...second,
		'',
	].join('\n');
}

main().catch((error: unknown) => {
	process.stderr.write(`${(error as Error).stack}\n`);
	process.exitCode = 1;
});
