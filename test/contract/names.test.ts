import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(__dirname, '../..');

/** Words that the code has given up, each with the one that it has: see the glossary in docs/architecture.md. */
const RETIRED: Array<[word: RegExp, instead: string]> = [
	[/\bRun(?:Kind|Record|Target|Form|Outcome)\b|\brunKind\b/, 'Job…: what Replicate bills is a job'],
	[/\bAwaitedRuns?\b|\bPaidRun\b|\bpaidRun(?:Of)?\b|nodes\/runs\b/, 'job, RunJobs'],
	[/\b(?:MOST|LONGEST|LARGEST|SHORTEST|LEAST|FEWEST|SMALLEST)_/, 'MAX_, MIN_'],
	[/(?<!at )\b(?:least|most|longest|shortest)\??:/, 'min, max'],
	[/\baccountOf\b/, 'reportOf: an account is the user’s'],
	[/\b(?:withFilesSent|predictionItems|schemaOf|equalTo|peeked|storedOrNew)\b/, 'a verb'],
];

/** The participles that an async function may not begin with: what acts has a verb for a name. */
const PARTICIPLE =
	/^(?:[a-z]+ed|taken|begun|sent|made|found|known|woken|given|gone|held|kept|left|lost|paid|shown|written)(?=[A-Z]|$)/;

function sourcesIn(folder: string) {
	return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => join(folder, name))
		.map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
}

function retiredIn(file: string, text: string): string[] {
	return text
		.split('\n')
		.flatMap((line, at) =>
			RETIRED.filter(([word]) => word.test(line)).map(
				([, instead]) => `${file}:${at + 1}: ${line.trim()} (rather ${instead})`,
			),
		);
}

function participlesIn(file: string, text: string): string[] {
	const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		const isAsync = ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node);
		if (isAsync && node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)) {
			const name = node.name?.getText(source) ?? '';
			if (PARTICIPLE.test(name)) found.push(`${file}: ${name}()`);
		}
		node.forEachChild(visit);
	};
	visit(source);
	return found;
}

describe('names', () => {
	const sources = ['nodes', 'transports', 'credentials'].flatMap(sourcesIn);

	it('are not those that the code has given up', () => {
		expect(sources.flatMap(({ file, text }) => retiredIn(file, text))).toEqual([]);
	});

	it('of what acts are verbs', () => {
		expect(sources.flatMap(({ file, text }) => participlesIn(file, text))).toEqual([]);
	});

	it.each([
		'const MOST_NAMED = 10;',
		'import { RunKind } from "../models/runKind";',
		'const run = paidRunOf(item.run);',
		'const BOUNDS = { least: 1 };',
	])('are found where they are back: %s', (line) => {
		expect(retiredIn('x.ts', line)).toHaveLength(1);
	});

	it.each(['ended', 'created', 'taken', 'collected', 'sentFiles', 'released'])(
		'are found where a participle acts: %s',
		(name) => {
			expect(participlesIn('x.ts', `async function ${name}() {}`)).toHaveLength(1);
			expect(participlesIn('x.ts', `class A { private async ${name}() {} }`)).toHaveLength(1);
			expect(participlesIn('x.ts', `function ${name}() {}`)).toEqual([]);
		},
	);
});
