import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { sampleIn } from '../../examples/readmeSample';

const root = resolve(__dirname, '../..');

/** The rows of a table: its cells, without what each run has anew. */
function cellsOf(table: string) {
	const [head, , ...rows] = table.trim().split('\n');
	return [head!, ...rows].map((line) =>
		line
			.trim()
			.split(/ {2,}/)
			.map((cell) => cell.replace(/\b\d+\.\d s$/, '… s'))
			.map((cell) => cell.replace(/[a-z0-9]{4,}…?(?=\.(?:png|json) \()/, '…'))
			.map(roundSizes),
	);
}

/** Sizes to one digit: a picture's depends on its encoder, and a text's on the length of a time. */
function roundSizes(cell: string): string {
	return cell.replace(/\d[\d,]{2,}/, (size) =>
		Number(size.replaceAll(',', '')).toLocaleString('en', { maximumSignificantDigits: 1 }),
	);
}

describe('the table in the README', () => {
	it('is what "npm start" prints ("npm start -- --readme" writes it anew)', async () => {
		const { stdout } = await promisify(execFile)(
			process.execPath,
			['--import', 'tsx', 'examples/run.ts'],
			{ cwd: root, env: { ...process.env, NODE_OPTIONS: '', REPLICATE_API_TOKEN: '' } },
		);
		const [, printed] = stdout.split('\n\n');
		const sample = sampleIn(readFileSync(resolve(root, 'README.md'), 'utf8'));
		expect(sample).not.toBe('');
		expect(cellsOf(sample)).toEqual(cellsOf(printed!));
	}, 120_000);
});
