import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(__dirname, '..');
const tsx = ['--import', 'tsx'];
/** Sizes of the uploaded files in MB; several, to see whether memory grows with them. */
const UPLOADS_MB = [10, 50, 99];
/** Sizes of the output files in MB. */
const DOWNLOADS_MB = [50, 300];
const RIVALS = ['node', 'official'];
const REPEATS = 3;
const PORT = 5_255;

interface Measured {
	ms: number;
	addedMb: number;
}

/** Measures uploads and downloads by the node and by the official client, against a sandbox in another process. */
async function main(): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'bench-'));
	const sandbox = spawn(process.execPath, [...tsx, 'sandbox/cli.ts'], {
		cwd: root,
		env: { ...process.env, SANDBOX_PORT: String(PORT) },
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	await new Promise((started) => sandbox.stdout.once('data', started));
	const results: Record<string, Measured> = {};
	for (const size of UPLOADS_MB) {
		const path = join(folder, `${size}.zip`);
		await writeFile(path, randomBytes(size * 1e6));
		for (const who of RIVALS) {
			results[`upload ${size} MB, ${who}`] = await repeated('uploadMemory', who, path);
		}
	}
	for (const size of DOWNLOADS_MB) {
		for (const who of RIVALS) {
			results[`download ${size} MB, ${who}`] = await repeated('downloadMemory', who, String(size));
		}
	}
	sandbox.kill();
	await rm(folder, { recursive: true });
	await writeFile(join(root, 'bench', 'results.json'), `${JSON.stringify(results, null, '\t')}\n`);
	for (const [name, { ms, addedMb }] of Object.entries(results)) {
		process.stdout.write(
			`${name.padEnd(26)} ${String(ms).padStart(6)} ms  +${addedMb.toFixed(0)} MB\n`,
		);
	}
}

async function repeated(script: string, who: string, what: string): Promise<Measured> {
	const runs: Measured[] = [];
	for (let repeat = 0; repeat < REPEATS; repeat++) runs.push(await measure(script, who, what));
	return median(runs);
}

async function measure(script: string, who: string, what: string): Promise<Measured> {
	const command = ['--expose-gc', ...tsx, `bench/${script}.ts`];
	const target = [`http://127.0.0.1:${PORT}/v1`, 'r8_sandbox'];
	const { stdout } = await run(process.execPath, [...command, who, what, ...target], { cwd: root });
	return JSON.parse(stdout) as Measured;
}

function median(runs: Measured[]): Measured {
	const middle = (values: number[]) =>
		values.sort((one, other) => one - other)[values.length >> 1]!;
	return {
		ms: middle(runs.map(({ ms }) => ms)),
		addedMb: middle(runs.map(({ addedMb }) => addedMb)),
	};
}

void main();
