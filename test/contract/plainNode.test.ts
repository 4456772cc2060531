import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { cloud, selfHosted } from '../../dev/build/editions.js';

const root = resolve(__dirname, '../..');

interface Report {
	results: Record<string, unknown>;
	loaded: string[];
	unhandled: string[];
}

/** As n8n loads them: the test runner's own `import()` and `require()` hide what Node's refuse. */
describe.each([
	['self-hosted', selfHosted],
	['cloud', cloud],
])('the built package in plain Node, %s edition', (edition, { lazy }) => {
	let report: Report;

	beforeAll(async () => {
		// Beside the project's libraries, which stay outside of it.
		await mkdir(join(root, '.cache'), { recursive: true });
		const folder = await mkdtemp(join(root, '.cache/plain-node-'));
		const outfile = join(folder, 'child.cjs');
		await build({
			entryPoints: [join(__dirname, 'plainNode/child.ts')],
			bundle: true,
			platform: 'node',
			format: 'cjs',
			packages: 'external',
			// n8n-workflow's other format cannot be loaded by Node.
			supported: { 'dynamic-import': false },
			outfile,
			define: { __dirname: JSON.stringify(join(root, 'dev')) },
			logLevel: 'silent',
		});
		const env = { ...process.env, EDITION: edition, NODE_OPTIONS: '' };
		const { stdout } = await promisify(execFile)(process.execPath, [outfile], {
			cwd: root,
			env,
			maxBuffer: 1e8,
		});
		report = JSON.parse(stdout.trim().split('\n').at(-1)!) as Report;
		await rm(folder, { recursive: true });
	}, 180_000);

	it.each<[string, unknown]>([
		['file-type', 'image/png'],
		['ipaddr.js', expect.stringContaining('private network')],
		['lossless-json', expect.stringContaining('1234567890123456')],
		['form-data-encoder', 'succeeded'],
		['htmlparser2', expect.stringContaining(': Too many cats')],
		['standardwebhooks', 200],
		['@cfworker/json-schema', 1],
		['re2js', true],
		['zod-to-json-schema', true],
		['zod/v4/core', true],
	])('works with %s', (library, expected) => {
		expect(report.results[library]).toEqual(expected);
	});

	it('has loaded every library that is loaded late, and nobody had to handle an error', () => {
		expect(report.loaded.sort()).toEqual(['nodes.js', ...lazy.map((name) => `${name}.js`)].sort());
		expect(report.unhandled).toEqual([]);
	});
});
