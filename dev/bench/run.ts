import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import type { Case, Results } from './cases/case';
import { dedupe, overhead } from './cases/overhead';
import { install, load } from './cases/package';
import { scale } from './cases/scale';
import { stall } from './cases/stall';
import { callbacks, suspended } from './cases/suspended';
import { download, upload } from './cases/transfers';
import { latency, parallel } from './cases/waiting';
import { Course, type Spread } from './measure';

const RESULTS = resolve(__dirname, 'results.json');

/** What each figure must not exceed; ratios are to a rival in the same run. */
const BARS: Record<string, { bar: number; what: string }> = {
	'upload.ratioFloor': {
		bar: 1.1,
		what: '99 MB from n8n’s disk store, against a node with a bare request',
	},
	'upload.rssMb': { bar: 64, what: 'memory that it adds, in MB' },
	'upload.cloudRssMb': { bar: 64, what: 'the same for the cloud edition' },
	'download.ratioFloor': {
		bar: 1.05,
		what: '300 MB into n8n’s disk store, against a node with a bare request',
	},
	'download.rssMb': { bar: 100, what: 'memory that it adds, in MB' },
	'download.cloudRssMb': { bar: 100, what: 'the same for the cloud edition' },
	'overhead.ratioOfficial': {
		bar: 0.8,
		what: '500 predictions with 50 kB each, 10 at a time, against the official client with data URIs',
	},
	'overhead.ratioOfficialDefault': {
		bar: 0.5,
		what: 'the same, against the official client with Buffers, which it uploads',
	},
	'overhead.ratioUndici': { bar: 1.25, what: 'the same, against a node with bare requests' },
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
	'scale.msPerItemRatio': {
		bar: 1.1,
		what: 'time for each of 10,000 instant items, against that for each of 1,000',
	},
	'scale.rssMb': { bar: 100, what: 'memory that 10,000 instant items add, in MB' },
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
	dedupe,
	latency,
	load,
	install,
	suspended,
	scale,
	callbacks,
	stall,
};

/** Measures the cases that are named, or all of them. What each gives is written when it has ended. */
async function main(): Promise<void> {
	const { positionals: names } = parseArgs({ allowPositionals: true });
	const folder = await mkdtemp(join(tmpdir(), 'bench-'));
	const results: Results = { barred: {}, others: {} };
	const all = names.length > 0 ? await written() : results;
	for (const [name, measure] of Object.entries(CASES)) {
		if (names.length > 0 && !names.includes(name)) continue;
		process.stderr.write(`${name} …\n`);
		const course = await Course.open();
		await measure(course, folder, results).finally(() => course.close());
		Object.assign(all.barred, results.barred);
		Object.assign(all.others, results.others);
		await write(all);
	}
	await rm(folder, { recursive: true });
	process.stdout.write(await format(tableOf(results), { parser: 'markdown' }));
	const missed = Object.entries(results.barred).filter(
		([key, { median }]) => median > BARS[key]!.bar,
	);
	if (missed.length > 0) {
		process.stderr.write(`Over the bar: ${missed.map(([key]) => key).join(', ')}\n`);
		process.exitCode = 1;
	}
}

async function written(): Promise<Results> {
	return JSON.parse(await readFile(RESULTS, 'utf8')) as Results;
}

async function write(results: Results): Promise<void> {
	const config = await resolveConfig(RESULTS);
	const json = await format(JSON.stringify(results), { ...config, parser: 'json' });
	await writeFile(RESULTS, json);
	const text = `# Results\n\n${tableOf(results)}`;
	const markdown = await format(text, { ...config, parser: 'markdown' });
	await writeFile(RESULTS.replace('.json', '.md'), markdown);
}

function tableOf({ barred, others }: Results): string {
	const cells = ({ median, min, max, runs }: Spread) => `${median} | ${min} – ${max} | ${runs} |`;
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

main().catch((error: unknown) => {
	process.stderr.write(`${(error as Error).stack}\n`);
	process.exitCode = 1;
});
