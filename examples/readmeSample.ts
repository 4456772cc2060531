import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { tableOf, type Row } from './table';

const README = join(resolve(__dirname, '..'), 'README.md');
/** The table in the README, between the lines of its block. */
const SAMPLE = /(?<=`npm start` ends with a table like this:\n\n```text\n)[\s\S]*?(?=\n```)/;

/** Writes the table of a run into the README: `npm start -- --readme`. */
export async function writeSample(rows: Row[]): Promise<void> {
	const text = await readFile(README, 'utf8');
	if (!SAMPLE.test(text)) throw new Error('README.md has no place for the table');
	await writeFile(README, text.replace(SAMPLE, tableOf(rows.map(withShortId))));
}

/** The table as the README has it. */
export function sampleIn(readme: string): string {
	return SAMPLE.exec(readme)?.[0] ?? '';
}

/** A prediction's ID is cut to four characters, so that the table fits on a page. */
function withShortId(row: Row): Row {
	return { ...row, output: row.output.replace(/\b([a-z0-9]{4})[a-z0-9]{16,}\b/, '$1…') };
}
