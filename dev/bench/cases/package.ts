import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { cloud } from '../../build/editions.js';
import { installNodePackage } from '../../n8n/nodePackage';
import { inTurn, output, type Course } from '../measure';
import { figureOf } from '../statistics';
import type { Extent, Results } from './case';

const run = promisify(execFile);
const root = resolve(__dirname, '../../..');

/** How often a package is loaded, each time in a new process. */
const LOADS = 15;

interface Loaded {
	cpuMs: number;
	ms: number;
	mb: number;
}

/**
 * What n8n's start pays for the package, and its first execution: what is needed for an execution only
 * may be loaded with it, but the two together must not cost more for it.
 */
export async function load(
	{ service }: Course,
	folder: string,
	{ barred, others }: Results,
	{ isQuick }: Extent,
): Promise<void> {
	const empty = await emptyPackage(folder);
	const loaded = (what: string) => async () => {
		const script = ['--expose-gc', 'dev/bench/loadPackage.cjs', what];
		return JSON.parse(await output(script)) as Loaded;
	};
	const outfile = join(root, '.cache/bench/firstRun.cjs');
	await build({
		...{ entryPoints: [join(root, 'dev/bench/firstRun.ts')], outfile },
		...{ bundle: true, packages: 'external', platform: 'node', format: 'cjs' },
		// n8n's packages for `import()` are for bundlers.
		supported: { 'dynamic-import': false },
	});
	const first = async () => {
		const script = ['--expose-gc', outfile, root, service.baseUrl, service.token];
		const { cpuMs } = JSON.parse(await output(script)) as { cpuMs: number };
		return { cpuMs, ms: cpuMs, mb: 0 };
	};
	const runs = await inTurn(LOADS, {
		node: loaded(root),
		cloudEdition: loaded(resolve(root, cloud.folder)),
		empty: loaded(empty),
	});
	const firsts = (await inTurn(isQuick ? 5 : 9, { first })).first!;
	const all = (who: string, what: keyof Loaded) =>
		figureOf(runs[who]!.map((values) => values[what]));
	barred['load.ms'] = all('node', 'cpuMs');
	barred['load.cloudMs'] = all('cloudEdition', 'cpuMs');
	barred['load.mb'] = all('node', 'mb');
	barred['load.cloudMb'] = all('cloudEdition', 'mb');
	barred['firstRun.ms'] = figureOf(firsts.map(({ cpuMs }) => cpuMs));
	barred['load.withFirstRunMs'] = figureOf(
		firsts.map(({ cpuMs }, turn) => cpuMs + runs.node![turn]!.cpuMs),
	);
	others['loading the package, wall ms'] = all('node', 'ms');
	others['loading a package with one empty node, CPU ms'] = all('empty', 'cpuMs');
	others['loading a package with one empty node, MB'] = all('empty', 'mb');
}

/** A package with a node that has nothing to it. */
async function emptyPackage(folder: string): Promise<string> {
	const at = await mkdtemp(join(folder, 'empty-'));
	await mkdir(join(at, 'dist'));
	const manifest = { n8n: { nodes: ['dist/Empty.node.js'], credentials: [] } };
	await writeFile(join(at, 'package.json'), JSON.stringify(manifest));
	await writeFile(
		join(at, 'dist/Empty.node.js'),
		`exports.Empty = class {
			description = { displayName: 'Empty', name: 'empty', group: ['transform'], version: 1,
				description: '', defaults: {}, inputs: ['main'], outputs: ['main'], properties: [] };
			async execute() { return [this.getInputData()]; }
		};\n`,
	);
	return at;
}

/** How large the package is, and how long n8n takes to install it. */
export async function install(
	_course: Course,
	folder: string,
	{ barred }: Results,
	{ few }: Extent,
): Promise<void> {
	const { stdout } = await run(process.execPath, [
		process.env.npm_execpath!,
		'pack',
		'--dry-run',
		'--json',
	]);
	const [{ size }] = JSON.parse(stdout) as [{ size: number }];
	barred['pack.kb'] = figureOf([size / 1_000]);
	const once = async () => {
		const user = await mkdtemp(join(folder, 'n8n-'));
		const startedAt = performance.now();
		await installNodePackage(user);
		return (performance.now() - startedAt) / 1_000;
	};
	barred['install.s'] = figureOf((await inTurn(few, { node: once })).node!);
}
