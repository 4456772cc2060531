import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(__dirname, '..');
const tsx = ['--import', 'tsx'];
/** Sizes of the uploaded files in MB, to see whether memory grows with them. */
const SIZES_MB = [10, 50, 99];
const REPEATS = 3;
const PORT = 5_255;

interface Measured {
	ms: number;
	addedMb: number;
}

/** Measures uploads by the node and by the official client, against a sandbox in another process. */
async function main(): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'bench-'));
	const sandbox = spawn(process.execPath, [...tsx, 'sandbox/cli.ts'], {
		cwd: root,
		env: { ...process.env, SANDBOX_PORT: String(PORT) },
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	await new Promise((started) => sandbox.stdout.once('data', started));
	const results: Record<string, Measured> = {};
	for (const size of SIZES_MB) {
		const path = join(folder, `${size}.zip`);
		await writeFile(path, randomBytes(size * 1e6));
		for (const who of ['node', 'official']) {
			const runs: Measured[] = [];
			for (let repeat = 0; repeat < REPEATS; repeat++) runs.push(await measure(who, path));
			results[`upload ${size} MB, ${who}`] = median(runs);
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

async function measure(who: string, path: string): Promise<Measured> {
	const command = ['--expose-gc', ...tsx, 'bench/uploadMemory.ts'];
	const target = [`http://127.0.0.1:${PORT}/v1`, 'r8_sandbox'];
	const { stdout } = await run(process.execPath, [...command, who, path, ...target], { cwd: root });
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
