import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { installNodePackage } from '../../n8n/nodePackage';
import { inTurn, spread, type Course } from '../measure';
import type { Results } from './case';

const run = promisify(execFile);
const root = resolve(__dirname, '../../..');

/** How long n8n takes to load the package. */
export async function load(_course: Course, _folder: string, { barred }: Results): Promise<void> {
	const script = `
		const at = require('${root}/package.json').n8n;
		require('n8n-workflow');
		const startedAt = performance.now();
		for (const file of [...at.nodes, ...at.credentials]) {
			const exported = Object.values(require('${root}/' + file))[0];
			new exported();
		}
		process.stdout.write(String(performance.now() - startedAt));`;
	const once = async () =>
		Number((await run(process.execPath, ['-e', script], { cwd: root })).stdout);
	barred['load.ms'] = spread((await inTurn(9, { node: once })).node!);
}

/** How large the package is, and how long n8n takes to install it. */
export async function install(_course: Course, folder: string, { barred }: Results): Promise<void> {
	const { stdout } = await run(process.execPath, [
		process.env.npm_execpath!,
		'pack',
		'--dry-run',
		'--json',
	]);
	const [{ size }] = JSON.parse(stdout) as [{ size: number }];
	barred['pack.kb'] = spread([size / 1_000]);
	const once = async () => {
		const user = await mkdtemp(join(folder, 'n8n-'));
		const startedAt = performance.now();
		await installNodePackage(user);
		return (performance.now() - startedAt) / 1_000;
	};
	barred['install.s'] = spread((await inTurn(3, { node: once })).node!);
}
