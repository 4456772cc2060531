import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../..');

/** The papers that people read on the repository's page, by their path from the root. */
export const PAPERS = [
	'README.md',
	'SECURITY.md',
	'CONTRIBUTING.md',
	'CHANGELOG.md',
	...readdirSync(join(ROOT, 'docs'))
		.filter((name) => name.endsWith('.md'))
		.map((name) => `docs/${name}`),
];

/** The text of a file, by its path from the root. */
export function textOf(path: string): string {
	return readFileSync(join(ROOT, path), 'utf8');
}

/** The rows below a table's head, as cells. */
export function rowsOf(table: string): string[][] {
	return table
		.trim()
		.split('\n')
		.slice(2)
		.map((row) =>
			row
				.split(/(?<!\\)\|/)
				.slice(1, -1)
				.map((cell) => cell.trim()),
		);
}
