import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { cacheFolder } from '../n8n/install';

/*
 * Runs the engine tests on the oldest supported n8n and on the one of package-lock.json, each on every
 * line of Node, and on the oldest one that has an SDK for AI nodes and one between, each on one Node:
 * `npm run test:compatibility`, or one pair: `-- --n8n 1.120 --node 22`. Where there is an SDK, n8n's own
 * chains and agents are run with the chat model, too. When all pairs have passed, it writes their table
 * into docs/compatibility.md.
 */

const root = resolve(__dirname, '../..');
const PAGE = join(root, 'docs', 'compatibility.md');
const TABLE = /(<!-- compatibility -->\n\n)[\s\S]*?(\n\n<!-- \/compatibility -->)/;
/** What is installed stays here, for the next time. */
const CACHE = cacheFolder();

/** The packages of an n8n release that are its engine, with their versions. */
interface N8nEngine {
	n8n: string;
	packages: Record<string, string>;
}

/** n8n's own nodes for AI. */
const AI_NODES = '@n8n/n8n-nodes-langchain';

/** As n8n-core 1.119.0 names them itself; n8n 1.120.4 depends on a later patch of the same n8n-core. */
const OLDEST: N8nEngine = {
	n8n: '1.120',
	packages: {
		'n8n-core': '1.119.0',
		'n8n-workflow': '1.117.0',
		'@n8n/di': '0.9.0',
		'reflect-metadata': '0.2.2',
	},
};

/** The first n8n with an SDK for AI nodes, and one between it and the newest, as n8n itself names them. */
const WITH_AI_NODES: N8nEngine[] = [
	{
		n8n: '2.16',
		packages: {
			'n8n-core': '2.16.0',
			'n8n-workflow': '2.16.0',
			'@n8n/di': '0.10.0',
			'reflect-metadata': '0.2.2',
			'@n8n/ai-node-sdk': '0.7.0',
			[AI_NODES]: '2.16.0',
		},
	},
	{
		n8n: '2.20',
		packages: {
			'n8n-core': '2.20.0',
			'n8n-workflow': '2.20.0',
			'@n8n/di': '0.11.0',
			'reflect-metadata': '0.2.2',
			'@n8n/ai-node-sdk': '0.11.0',
			[AI_NODES]: '2.20.0',
		},
	},
];

/** What n8n's nodes for AI name in versions that the registry need not have. */
const AI_NODES_OVERRIDES = { linkedom: '0.18.14', xlsx: 'npm:xlsx@0.18.5' };

const NODES = ['20.20.2', '22.23.3', '24.21.0'];
/** The Node of the versions of n8n between the oldest and the newest. */
const NODE_BETWEEN = '22.23.3';

/** One pair, and what became of its tests. */
interface Cell {
	engine: N8nEngine;
	node: string;
	passed: number;
	failed: number;
	/** Names of tests that this n8n cannot pass; each says since when n8n can. */
	skipped: string[];
	seconds: number;
}

/** The part of jest's report that is read here. */
interface JestReport {
	success: boolean;
	numPassedTests: number;
	numFailedTests: number;
	numFailedTestSuites: number;
	testResults: Array<{ assertionResults: Array<{ status: string; fullName: string }> }>;
}

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { n8n: { type: 'string' }, node: { type: 'string' } } });
	const pairs = [
		...NODES.map((node) => ({ engine: OLDEST, node })),
		...WITH_AI_NODES.map((engine) => ({ engine, node: NODE_BETWEEN })),
		...NODES.map((node) => ({ engine: newest(), node })),
	];
	const isWanted = (version: string, wanted?: string) =>
		wanted === undefined || `${version}.`.startsWith(`${wanted}.`);
	const wanted = pairs.filter(
		({ engine, node }) => isWanted(engine.n8n, values.n8n) && isWanted(node, values.node),
	);
	if (wanted.length === 0) throw new Error('There is no such pair of n8n and Node');
	const cells: Cell[] = [];
	for (const { engine, node } of wanted) cells.push(await run(engine, node));
	const table = tableOf(cells);
	process.stdout.write(`\n${await format(table, { parser: 'markdown' })}\n`);
	const hasPassed = cells.every(({ failed }) => failed === 0);
	if (!hasPassed) process.exitCode = 1;
	else if (wanted.length === pairs.length) await writeTable(table);
}

/** The engine of package-lock.json; since n8n 2.0, n8n and n8n-core count alike. */
function newest(): N8nEngine {
	const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
		packages: Record<string, { version: string }>;
	};
	const names = [...Object.keys(OLDEST.packages), '@n8n/ai-node-sdk'];
	const versions = names.map((name) => [name, packages[`node_modules/${name}`]!.version]);
	const engine = Object.fromEntries(versions) as Record<string, string>;
	engine[AI_NODES] = engine['n8n-core']!;
	return { n8n: engine['n8n-core']!.split('.').slice(0, 2).join('.'), packages: engine };
}

/** Runs the engine tests with one Node on one engine. */
async function run(engine: N8nEngine, node: string): Promise<Cell> {
	say(`n8n ${engine.n8n} on Node ${node}`);
	const engineFolder = await installed(`engine-${engine.packages['n8n-core']}`, {
		dependencies: engine.packages,
		// Where n8n's packages ask each other for a range, a later one would come in beside these.
		overrides: { ...(AI_NODES in engine.packages ? AI_NODES_OVERRIDES : {}), ...engine.packages },
	});
	const report = join(await mkdtemp(join(tmpdir(), 'compatibility-')), 'report.json');
	const jest = [
		'--experimental-vm-modules',
		'node_modules/jest/bin/jest.js',
		'--config=test/compatibility/jest.config.js',
		'--json',
		`--outputFile=${report}`,
	];
	const startedAt = Date.now();
	await execute(await nodeBinary(node), jest, root, { N8N_ENGINE_FOLDER: engineFolder });
	const seconds = Math.round((Date.now() - startedAt) / 1_000);
	const result = JSON.parse(await readFile(report, 'utf8')) as JestReport;
	await rm(dirname(report), { recursive: true });
	const tests = result.testResults.flatMap(({ assertionResults }) => assertionResults);
	return {
		engine,
		node,
		passed: result.numPassedTests,
		// A file that could not be run has no failed tests of its own.
		failed: result.success ? 0 : Math.max(result.numFailedTests, result.numFailedTestSuites, 1),
		skipped: tests.flatMap(({ status, fullName }) => (status === 'pending' ? [fullName] : [])),
		seconds,
	};
}

/** The Node of that version for this machine, out of the npm package that brings it. */
async function nodeBinary(version: string): Promise<string> {
	const folder = await installed(`node-${version}-${process.platform}-${process.arch}`, {
		dependencies: { node: version },
	});
	const packageFolder = join(folder, 'node_modules', 'node');
	const { bin } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as {
		bin: { node: string };
	};
	return join(packageFolder, bin.node);
}

/** A folder with what a manifest asks for; installed once for each content of it. */
async function installed(name: string, manifest: { dependencies: object; overrides?: object }) {
	const content = JSON.stringify({ private: true, ...manifest }, null, '\t');
	const recipe = createHash('sha256').update(content).digest('hex').slice(0, 8);
	const folder = join(CACHE, `${name}-${recipe}`);
	if (existsSync(folder)) return folder;
	say(`Installing into ${folder} …`);
	await mkdir(CACHE, { recursive: true });
	const unfinished = await mkdtemp(`${folder}-`);
	await writeFile(join(unfinished, 'package.json'), content);
	// Only the package "node" needs its script: it fetches the binary of this machine.
	const scripts = 'node' in manifest.dependencies ? '--ignore-scripts=false' : '--ignore-scripts';
	// Peers of n8n's packages are what an n8n has anyway, and resolving them takes many minutes.
	const flags = [scripts, '--legacy-peer-deps', '--no-audit', '--loglevel=error'];
	const command = [process.env.npm_execpath!, 'install', ...flags];
	const status = await execute(process.execPath, command, unfinished);
	if (status !== 0) throw new Error(`${name} could not be installed`);
	await rename(unfinished, folder);
	return folder;
}

/** Runs a command to its end and gives its exit code; what it prints goes to the terminal. */
async function execute(
	command: string,
	args: string[],
	cwd: string,
	environment: Record<string, string> = {},
): Promise<number | null> {
	const child = spawn(command, args, {
		cwd,
		env: { ...process.env, ...environment },
		// Jest prints its report in JSON as well as writing it to the file.
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	return await new Promise((settle, fail) => {
		child.once('error', fail);
		child.once('close', settle);
	});
}

function tableOf(cells: Cell[]): string {
	const rows = cells.map(({ engine, node, passed, failed, skipped, seconds }) =>
		[
			engine.n8n,
			engine.packages['n8n-core'],
			node,
			passed,
			failed,
			skipped.length,
			`${seconds} s`,
		].join(' | '),
	);
	const notes = [...new Set(cells.flatMap(({ skipped }) => skipped))].map(
		(name) => `Skipped: “${name}”.`,
	);
	const table = [
		'| n8n | n8n-core | Node | passed | failed | skipped | time |',
		'| --- | --- | --- | --: | --: | --: | --: |',
		...rows.map((row) => `| ${row} |`),
	].join('\n');
	return [table, ...notes].join('\n\n');
}

/** Writes the page with a new table, formatted. */
async function writeTable(table: string): Promise<void> {
	const text = readFileSync(PAGE, 'utf8').replace(TABLE, `$1${table}$2`);
	const style = await resolveConfig(PAGE);
	writeFileSync(PAGE, await format(text, { ...style, filepath: PAGE }));
}

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

void main();
