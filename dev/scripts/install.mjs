/**
 * Installs the dependencies unless those of package-lock.json are there already, and splits the file of
 * all public models for the sandbox.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

function packagesOf(lockFile) {
	try {
		return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
	} catch {
		return {};
	}
}

const installed = packagesOf('node_modules/.package-lock.json');
const isMissing = ([path, { version, optional, extraneous }]) =>
	path !== '' && !optional && !extraneous && installed[path]?.version !== version;

if (Object.entries(packagesOf('package-lock.json')).some(isMissing)) {
	console.log(
		'Installing dependencies (1 to 2 minutes, about 1 GB: n8n’s engine and lint rules) …',
	);
	// Not "npm ci": it refuses a lock file that leaves out binaries for platforms it was not made on.
	const command = [process.env.npm_execpath, 'install', '--no-save', '--loglevel=error'];
	const { status } = spawnSync(process.execPath, command, {
		stdio: 'inherit',
	});
	process.exitCode = status ?? 1;
}
if (!process.exitCode)
	createRequire(import.meta.url)('../sandbox/publicModelFile.js').splitPublicModels();
