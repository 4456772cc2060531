import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGE_FOLDER, PACKAGE_NAME } from '../packageName';

const run = promisify(execFile);

/** What n8n takes out of a community package before it installs it. */
const STRIPPED = ['devDependencies', 'peerDependencies', 'optionalDependencies'];

/**
 * Packs the edition that is tested, and installs the tarball for an n8n in the steps in which n8n does
 * it: unpack into its folder of community packages, leave out all but the runtime dependencies, and
 * install those without scripts. Only the registry is left out, where n8n would fetch the tarball.
 *
 * @param userFolder n8n's `N8N_USER_FOLDER`
 */
export async function installNodePackage(userFolder: string): Promise<void> {
	const npm = process.env.npm_execpath!;
	const packed = await mkdtemp(join(tmpdir(), `${PACKAGE_NAME}-`));
	const { stdout } = await run(
		process.execPath,
		[npm, 'pack', '--json', '--pack-destination', packed],
		{ cwd: PACKAGE_FOLDER },
	);
	const [{ name, version, filename }] = JSON.parse(stdout) as [
		{ name: string; version: string; filename: string },
	];
	const nodes = join(userFolder, '.n8n', 'nodes');
	const folder = join(nodes, 'node_modules', name);
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await run('tar', ['-xzf', join(packed, filename), '-C', folder, '--strip-components=1']);
	const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<
		string,
		unknown
	>;
	for (const field of STRIPPED) delete manifest[field];
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
	await run(process.execPath, [npm, 'install', '--ignore-scripts', '--no-audit', '--no-fund'], {
		cwd: folder,
	});
	await writeFile(
		join(nodes, 'package.json'),
		JSON.stringify({ name: 'installed-nodes', private: true, dependencies: { [name]: version } }),
	);
	await rm(packed, { recursive: true });
}
