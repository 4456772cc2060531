import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { textOf } from './papers';

const root = resolve(__dirname, '../..');

/** The errors whose words a builder reads. */
const SHOWN =
	/^(?:ApiError|InputError|NodeOperationError|ParameterError|PredictionError|ReplicateError|StoppedError)$/;

interface ErrorText {
	place: string;
	/** The longest part that holds no value. */
	words: string;
}

function filesOf(folder: string): string[] {
	return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => join(folder, name));
}

/** The texts that an expression can be, each in its parts between values. */
function textsOf(node: ts.Expression): string[][] {
	if (ts.isStringLiteralLike(node)) return [[node.text]];
	if (ts.isTemplateExpression(node)) {
		return [[node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)]];
	}
	if (ts.isConditionalExpression(node)) {
		return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
	}
	return [];
}

/** The messages of all errors that a file throws, as its syntax tree has them. */
function errorTexts(path: string): ErrorText[] {
	const file = ts.createSourceFile(path, textOf(path), ts.ScriptTarget.ES2022, true);
	const isShown = (name: string) =>
		SHOWN.test(name) || (name === 'Error' && path.startsWith('credentials'));
	const found: ErrorText[] = [];
	const visit = (node: ts.Node): void => {
		const [message] = ts.isNewExpression(node) ? (node.arguments ?? []) : [];
		if (message && isShown((node as ts.NewExpression).expression.getText(file))) {
			const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
			for (const parts of textsOf(message)) {
				const [words] = parts.map(plain).sort((one, other) => other.length - one.length);
				found.push({ place: `${path}:${line + 1}`, words: words! });
			}
		}
		node.forEachChild(visit);
	};
	visit(file);
	return found;
}

/** On one line, as a text and as a regular expression alike. */
function plain(text: string): string {
	return text.replaceAll('\\', '').replace(/\s+/g, ' ').trim();
}

/** Whoever changes the words of an error is told by a test of it: what a builder reads is behaviour. */
describe('the words of an error', () => {
	const all = ['nodes', 'credentials'].flatMap(filesOf).flatMap(errorTexts);
	const tests = ['test/unit', 'test/integration']
		.flatMap(filesOf)
		.map(textOf)
		.map(plain)
		.join('\n');

	it('are found, all of them', () => {
		expect(all.length).toBeGreaterThan(100);
	});

	it.each(all)('$place is in a test of test/unit/ or test/integration/: $words', ({ words }) => {
		expect({ words, isTested: tests.includes(words) }).toEqual({ words, isTested: true });
	});
});
