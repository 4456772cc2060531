import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { format, resolveConfig } from 'prettier';
import { readToolAnswer, type ToolAnswer } from '../../nodes/shared/chat/toolPrompt';
import { callIdsOf } from '../../nodes/shared/chat/tools';
import type { ToolCall } from '../../nodes/shared/chat/tools';
import { type AnswerClass, CLASSES, GOOD, OFFERED } from './toolAnswers';

/*
 * Measures what becomes of a model's answers where tools are offered by prompt: writes the sums into
 * docs/tool-calling.md, and each answer into a page of the tests.
 */

const ROOT = resolve(__dirname, '../..');
const PAGE = 'docs/tool-calling.md';
const ROWS = 'test/contract/toolAnswers.md';
/** How many characters of an answer, of a reason and of a call a table shows. */
const SHOWN = 70;
const REASON_SHOWN = 120;

/** What became of one answer. */
interface Measured {
	name: string;
	text: string;
	first: ToolAnswer;
	/** What comes of it when the answer to the repair request is good, and when it is the same again. */
	repaired?: { good: ToolAnswer; same: ToolAnswer };
}

/** The pages by their path, with new tables, formatted. */
export async function toolCallingPages(): Promise<Record<string, string>> {
	const measured = CLASSES.map((one) => ({ ...one, answers: one.answers.map(measure) }));
	const sections = measured.map(
		({ title, answers }) => `### ${title}\n\n${table(COLUMNS, answers.map(rowOf))}`,
	);
	const rows = `# What became of each answer\n\n\`npm run tool-calling\` writes this page.\n\n${sections.join('\n\n')}\n`;
	const page = readFileSync(join(ROOT, PAGE), 'utf8');
	const [before, inside, after] = page.split(
		/(?<=<!-- measured -->)([\s\S]*)(?=<!-- \/measured -->)/,
	);
	if (inside === undefined) throw new Error(`${PAGE} has no <!-- measured -->`);
	const sums = `${before}\n\n${sumsOf(measured)}\n\n${after}`;
	return { [PAGE]: await formatted(PAGE, sums), [ROWS]: await formatted(ROWS, rows) };
}

async function formatted(path: string, text: string): Promise<string> {
	const filepath = join(ROOT, path);
	return await format(text, { ...(await resolveConfig(filepath)), filepath });
}

const NEW_IDS = callIdsOf('p');

function measure({ name, text }: AnswerClass['answers'][number]): Measured {
	const first = readToolAnswer(text, OFFERED, NEW_IDS);
	if (first.kind !== 'invalid') return { name, text, first };
	const good = readToolAnswer(GOOD, OFFERED, NEW_IDS);
	return { name, text, first, repaired: { good, same: readToolAnswer(text, OFFERED, NEW_IDS) } };
}

type Sum = (answers: Measured[]) => number;
/** What is counted of each class. */
const SUMS: Array<[heading: string, sum: Sum]> = [
	['answers', ({ length }) => length],
	['taken as words', counting(({ first }) => first.kind === 'answer')],
	['called at once', counting(({ first }) => first.kind === 'calls')],
	['refused at first', counting(({ first }) => first.kind === 'invalid')],
	['… called, if the second is good', counting(({ repaired }) => repaired?.good.kind === 'calls')],
	['… an error, if it is the same', counting(({ repaired }) => repaired?.same.kind === 'invalid')],
	['calls made that fit no tool', (answers) => answers.flatMap(callsOf).filter(isWrong).length],
];

function counting(test: (one: Measured) => boolean): Sum {
	return (answers) => answers.filter(test).length;
}

function sumsOf(classes: Array<{ title: string; answers: Measured[] }>): string {
	const all = { title: '**all**', answers: classes.flatMap(({ answers }) => answers) };
	const rows = [...classes, all].map(({ title, answers }) => [
		title,
		...SUMS.map(([, sum]) => String(sum(answers))),
	]);
	return table(['class', ...SUMS.map(([heading]) => heading)], rows);
}

/** All calls that an answer led to. */
function callsOf({ first, repaired }: Measured): ToolCall[] {
	const readings = [first, ...(repaired ? [repaired.good, repaired.same] : [])];
	return readings.flatMap((reading) => (reading.kind === 'calls' ? reading.calls : []));
}

/** By a validator that the package does not use. */
function isWrong({ name, arguments: given }: ToolCall): boolean {
	const tool = OFFERED.find((one) => one.name === name);
	return !tool || !new Ajv({ strict: false }).validate(tool.parameters, given);
}

const COLUMNS = ['answer', 'first reading', 'after one repair', 'calls made'];

function rowOf({ name, text, first, repaired }: Measured): string[] {
	return [
		text === '' ? name : `${name}: ${code(text)}`,
		first.kind === 'invalid' ? `refused: ${code(first.reason, REASON_SHOWN)}` : WORDS[first.kind],
		repaired ? `good: ${WORDS[repaired.good.kind]}; the same: ${WORDS[repaired.same.kind]}` : '',
		madeOf(first),
	];
}

const WORDS: Record<ToolAnswer['kind'], string> = {
	answer: 'words for the user',
	calls: 'calls',
	invalid: 'an error',
};

function madeOf(reading: ToolAnswer): string {
	if (reading.kind !== 'calls') return 'none';
	return reading.calls
		.map(({ name, arguments: given }) => code(`${name} ${JSON.stringify(given)}`))
		.join(', ');
}

function table(headings: string[], rows: string[][]): string {
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A text as code in a cell, on one line and cut. */
function code(text: string, max = SHOWN): string {
	const cut = text.length > max ? `${text.slice(0, max - 1)}…` : text;
	const line = cut.replaceAll('\n', '↵').replaceAll('|', '\\|');
	return line.includes('`') ? `\`\` ${line} \`\`` : `\`${line}\``;
}

async function write(): Promise<void> {
	const pages = Object.entries(await toolCallingPages());
	for (const [path, text] of pages) writeFileSync(join(ROOT, path), text);
}

if (require.main === module) void write();
