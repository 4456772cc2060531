import { spawn } from 'node:child_process';

/**
 * `npm test`: builds both editions, and runs all quick tests with types, lint and format beside them.
 * Either failing fails the whole. With arguments, only the tests that they name: no checks.
 */
const JEST = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];
const CHECKS = ['types', 'lint'];

const began = Date.now();
const named = process.argv.slice(2);

/** Starts a command of this project; its output is kept until it has ended, if it is to be `quiet`. */
function start(args, { quiet = false } = {}) {
	const child = spawn(process.execPath, args, {
		stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
		env: quiet ? { FORCE_COLOR: process.stdout.isTTY ? '1' : '0', ...process.env } : process.env,
	});
	const output = [];
	child.stdout?.on('data', (chunk) => output.push(chunk));
	child.stderr?.on('data', (chunk) => output.push(chunk));
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code) =>
			resolve({ hasPassed: code === 0, output: Buffer.concat(output) }),
		);
	});
}

async function check() {
	const failed = [];
	for (const name of CHECKS) {
		const npm = [process.env.npm_execpath, 'run', '--silent', name];
		const { hasPassed, output } = await start(npm, { quiet: true });
		if (!hasPassed) failed.push({ name, output });
	}
	return failed;
}

async function test() {
	const built = await start(['node_modules/gulp/bin/gulp.js', 'bundle', '--silent']);
	if (!built.hasPassed) return false;
	const [tested, failed] = await Promise.all([
		start([...JEST, ...named]),
		named.length === 0 ? check() : [],
	]);
	for (const { name, output } of failed) {
		process.stderr.write(output);
		console.error(`npm run ${name} has failed`);
	}
	if (!tested.hasPassed) console.error('Tests have failed');
	return tested.hasPassed && failed.length === 0;
}

process.exitCode = (await test()) ? 0 : 1;
console.log(`npm test took ${Math.round((Date.now() - began) / 1_000)} s after installation`);
