import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cloud, cloudSource } from '../../dev/build/editions.js';

const root = resolve(__dirname, '../..');

/** n8n verifies only packages in which this scanner of its own finds nothing. */
function scan(...folders: string[]) {
	const script = join(root, 'dev/scripts/scan.mjs');
	const { stdout, stderr } = spawnSync(process.execPath, [script, ...folders], {
		cwd: root,
		encoding: 'utf8',
		// Some of its rules behave differently in tests.
		env: { ...process.env, NODE_ENV: undefined },
	});
	return stdout.trim() || stderr;
}

describe('n8n’s scanner', () => {
	it('finds nothing in the source and in the package of the cloud edition', () => {
		expect(scan()).toBe('No findings');
	});

	it('finds the source of the cloud edition by its name, with the nodes beside it', () => {
		const manifest = JSON.parse(readFileSync(join(root, 'cloud/package.json'), 'utf8')) as object;
		expect(manifest).toEqual(cloudSource.manifest);
		expect(manifest).toMatchObject({ name: cloud.manifest.name, n8n: { strict: true } });
		for (const room of ['nodes', 'credentials']) {
			expect(realpathSync(join(root, 'cloud', room))).toBe(join(root, room));
		}
	});

	it('would find a timer, a module of Node’s and a switched-off rule', () => {
		const folder = mkdtempSync(join(tmpdir(), 'scanned-'));
		const manifest = { name: 'n8n-nodes-x', version: '1.0.0', n8n: {} };
		writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
		writeFileSync(
			join(folder, 'a.js'),
			[
				'/* eslint-disable */',
				'setTimeout(() => {}, 1);',
				'require("node:fs");',
				'process.exit();',
			].join('\n'),
		);
		const found = scan(folder);
		rmSync(folder, { recursive: true });
		expect(found).toContain("restricted global 'setTimeout'");
		expect(found).toContain("restricted global 'process'");
		expect(found).toContain("Require of 'node:fs'");
	});
});
