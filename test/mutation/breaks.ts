import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { BEHAVIOUR_MUTATIONS } from './behaviourMutations';
import type { Mutation } from './mutation';
import { SECURITY_MUTATIONS } from './securityMutations';
import { TIME_MUTATIONS } from './timeMutations';

const run = promisify(execFile);
const root = resolve(__dirname, '../..');
const copy = join(root, '.cache/breaks');

/** How long the tests of one mutation may take, in ms: a loop without end would hold up all others. */
const TEST_MS = 300_000;

/** What became of a mutation: a test that fails has noticed it. */
type Fate = 'noticed' | 'SURVIVED' | 'NOT TESTED';

/** Jest's report, as far as it is read here. */
interface Report {
	testResults: Array<{ assertionResults: Array<{ title: string; status: string }> }>;
}

/** A line to break, and the rule that it keeps. */
interface Break extends Mutation {
	rule: string;
}

const LISTS: Record<string, Break[]> = {
	security: [
		...SECURITY_MUTATIONS.map((one) => ({ ...one, rule: one.threat })),
		...TIME_MUTATIONS.map((one) => ({ ...one, rule: `Time limit: ${one.step}` })),
	],
	behaviour: BEHAVIOUR_MUTATIONS.map((one) => ({ ...one, rule: one.behaviour })),
};

/**
 * Breaks each line of a list in a copy of the project, one after the other, and looks whether its
 * named test fails. Exits with an error when one does not, or fails without it.
 *
 * @param list of `LISTS`
 * @param only words that the rules or files to try contain; empty for all
 */
async function main(list: string, only: string[]): Promise<void> {
	const chosen = LISTS[list]!.filter(({ rule, file }) =>
		only.every((word) => `${rule} ${file}`.includes(word)),
	);
	await copyProject();
	try {
		const sound = await isSound(chosen);
		const fates: Array<[Break, Fate, number]> = [];
		for (const mutation of sound ? chosen : []) {
			const startedAt = Date.now();
			const fate = await fateOf(mutation);
			fates.push([mutation, fate, (Date.now() - startedAt) / 1_000]);
			say(`${fate.padEnd(10)} ${mutation.rule} (${mutation.file})`);
		}
		say(`\n${tableOf(fates)}`);
		const isProven = sound && fates.every(([, fate]) => fate === 'noticed');
		process.exitCode = isProven ? 0 : 1;
	} finally {
		await rm(copy, { recursive: true, force: true });
	}
}

/** Everything that Git knows or would take, and the libraries by hard links. */
async function copyProject(): Promise<void> {
	await rm(copy, { recursive: true, force: true });
	await mkdir(copy, { recursive: true });
	const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
	const { stdout } = await run('git', listed, { cwd: root, maxBuffer: 100_000_000 });
	for (const file of stdout.split('\0').filter(Boolean)) {
		await mkdir(dirname(join(copy, file)), { recursive: true });
		// A file that was removed, and not yet from Git.
		await cp(join(root, file), join(copy, file)).catch(() => undefined);
	}
	await mkdir(join(copy, '.cache'), { recursive: true });
	await run('cp', ['-al', join(root, 'node_modules'), join(copy, 'node_modules')]);
}

/** Whether all named tests pass while nothing is broken: else their failing proves nothing. */
async function isSound(chosen: Mutation[]): Promise<boolean> {
	await bundle();
	const paths = [...new Set(chosen.map(({ test }) => test.path))];
	let sound = true;
	for (const path of paths) {
		const titles = chosen.filter(({ test }) => test.path === path).map(({ test }) => test.title);
		const results = await resultsOf(path, titles);
		for (const title of titles) {
			const found = results.filter((one) => isTitled(one.title, title));
			if (found.length > 0 && found.every(({ status }) => status === 'passed')) continue;
			sound = false;
			say(`Fails or is missing before anything is broken: ${path}: ${title}`);
		}
	}
	return sound;
}

async function fateOf({ file, search, replace, test }: Mutation): Promise<Fate> {
	const path = join(copy, file);
	const text = await readFile(path, 'utf8');
	await writeFile(
		path,
		text.replace(search, () => replace),
	);
	try {
		if (isBuilt(file, test.path)) await bundle();
		const results = await resultsOf(test.path, [test.title]);
		const found = results.filter(({ title }) => isTitled(title, test.title));
		if (found.length === 0) return 'NOT TESTED';
		return found.some(({ status }) => status === 'failed') ? 'noticed' : 'SURVIVED';
	} finally {
		await writeFile(path, text);
	}
}

/** Whether a test sees a file only through the bundle. */
function isBuilt(file: string, test: string): boolean {
	return test.startsWith('test/integration/') || file.startsWith('dev/build/');
}

async function bundle(): Promise<void> {
	await run(process.execPath, ['node_modules/gulp/bin/gulp.js', 'bundle', '--silent'], {
		cwd: copy,
	});
}

async function resultsOf(path: string, titles: string[]) {
	const output = join(copy, '.cache/report.json');
	await rm(output, { force: true });
	const pattern = titles.map((title) => fixedPartOf(title).replace(/[^\w ]/g, '.')).join('|');
	const jest = ['node_modules/jest/bin/jest.js', path, '-w', '1', '-t', pattern];
	const report = ['--json', `--outputFile=${output}`, '--silent'];
	await run(process.execPath, ['--experimental-vm-modules', ...jest, ...report], {
		cwd: copy,
		maxBuffer: 100_000_000,
		timeout: TEST_MS,
		killSignal: 'SIGKILL',
	}).catch(() => undefined);
	// Without a report nothing was tested: the tests do not compile, or never end.
	const written = await readFile(output, 'utf8').catch(() => '{"testResults":[]}');
	const { testResults } = JSON.parse(written) as Report;
	return testResults.flatMap(({ assertionResults }) => assertionResults);
}

/** The longest part of a title that holds no value of a table. */
function fixedPartOf(title: string): string {
	const parts = title.split(/%\w/).sort((one, other) => other.length - one.length);
	return parts[0]!.trim();
}

function isTitled(title: string, wanted: string): boolean {
	return title.includes(fixedPartOf(wanted));
}

function tableOf(fates: Array<[Break, Fate, number]>): string {
	const rows = fates.map(
		([{ rule, file, test }, fate, seconds]) =>
			`| ${rule} | ${file} | ${test.title} | ${fate} | ${seconds.toFixed(0)} s |`,
	);
	return ['| rule | broken in | test | result | time |', '|---|---|---|---|---|', ...rows].join(
		'\n',
	);
}

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}

const [list = '', ...words] = process.argv.slice(2);
void main(list, words);
