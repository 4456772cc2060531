import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { selfHosted } from '../build/editions.js';

/** n8n 2.38 and newer need it. */
const NODE_MAJOR = 24;

/** Where the packages of the complete n8n are named, each with its version. */
const RECIPE = join(__dirname, 'recipe');

/** A complete n8n: server, editor and all built-in nodes. */
export interface InstalledN8n {
	version: string;
	/** The Node that runs it, which need not be the one that runs this. */
	node: string;
	/** n8n's own command. */
	command: string;
}

/**
 * Installs a complete n8n in the user's cache folder, unless the same one lies there already: 2 GB,
 * some minutes the first time, nothing after that. Needs python3 and g++ for two native add-ons.
 *
 * @throws if there is no Node 24 for this platform, or npm fails
 */
export async function installN8n(say: (line: string) => void): Promise<InstalledN8n> {
	const lockFile = await readFile(join(RECIPE, 'package-lock.json'));
	const { dependencies } = JSON.parse(await readFile(join(RECIPE, 'package.json'), 'utf8')) as {
		dependencies: { n8n: string };
	};
	const key = createHash('sha256').update(lockFile).digest('hex').slice(0, 12);
	const folder = join(cacheFolder(), `n8n-${dependencies.n8n}-${key}`);
	const done = join(folder, 'installed');
	if (!existsSync(done)) {
		say(`Installing n8n ${dependencies.n8n} into ${folder} (2 GB, 3 to 6 minutes, only once) …`);
		await rm(folder, { recursive: true, force: true });
		await mkdir(folder, { recursive: true });
		for (const file of ['package.json', 'package-lock.json'])
			await copyFile(join(RECIPE, file), join(folder, file));
		// Not "npm ci": it refuses a lock file that leaves out binaries for other platforms. And without
		// scripts: one of them compiles a Kafka client, which no workflow here uses.
		await npm(process.execPath, folder, ['install', '--ignore-scripts', '--legacy-peer-deps']);
		await npm(nodeFor(folder), folder, ['rebuild', 'sqlite3', 'isolated-vm']);
		await writeFile(done, '');
	}
	return {
		version: dependencies.n8n,
		node: nodeFor(folder),
		command: join(folder, 'node_modules', 'n8n', 'bin', 'n8n'),
	};
}

/** The user's cache folder for both editions: kept between clones, and safe to delete. */
export function cacheFolder(): string {
	return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), selfHosted.manifest.name);
}

/** The Node of the recipe, which has one for Linux and Windows; elsewhere the one that runs this. */
function nodeFor(folder: string): string {
	const platform = process.platform === 'win32' ? 'win' : process.platform;
	const packaged = join(folder, 'node_modules', `node-${platform}-${process.arch}`, 'bin', 'node');
	if (existsSync(packaged)) return packaged;
	if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
	throw new Error(`Run this with Node ${NODE_MAJOR} or newer: n8n needs it on this platform.`);
}

async function npm(node: string, folder: string, args: string[]): Promise<void> {
	const command = process.env.npm_execpath;
	if (!command) throw new Error('Start this with npm run.');
	await new Promise<void>((resolve, reject) => {
		const child = spawn(node, [command, ...args, '--loglevel=error', '--no-audit', '--no-fund'], {
			cwd: folder,
			stdio: ['ignore', 'inherit', 'inherit'],
			env: {
				...process.env,
				PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
				// The headers that come with that Node, so that nothing else is fetched.
				npm_config_nodedir: dirname(dirname(node)),
				npm_config_ignore_scripts: 'false',
			},
		});
		child.once('error', reject);
		child.once('exit', (code) => {
			if (code === 0) resolve();
			else reject(new Error(`npm ${args.join(' ')} failed in ${folder}`));
		});
	});
}
