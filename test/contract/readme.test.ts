import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(__dirname, '../..');

describe('the README', () => {
	it('has the node’s own table of operations ("npm run operations" writes it anew)', () => {
		const before = readFileSync(resolve(root, 'README.md'), 'utf8');
		const script = [
			"import('./dev/scripts/operations.ts')",
			'.then((script) => (script.readmeWithTable ?? script.default.readmeWithTable)())',
			'.then((text) => process.stdout.write(text))',
		].join('');
		const after = execFileSync(process.execPath, ['--import', 'tsx', '-e', script], {
			cwd: root,
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		expect(before).toBe(after.toString());
	});
});
