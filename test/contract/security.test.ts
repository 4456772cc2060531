import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(__dirname, '../..');

/** The names of a file's tests; of a name with a value in it, what comes before the value. */
function testNames(path: string): string[] {
	const text = readFileSync(resolve(root, path), 'utf8');
	const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
	const names: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isCallExpression(node) && /^it\b/.test(node.expression.getText(file))) {
			const [name] = node.arguments;
			if (name && ts.isStringLiteralLike(name)) names.push(name.text);
			if (name && ts.isTemplateExpression(name)) names.push(name.head.text);
		}
		node.forEachChild(visit);
	};
	visit(file);
	return names;
}

describe('SECURITY.md', () => {
	const page = readFileSync(resolve(root, 'SECURITY.md'), 'utf8');
	const [, table] = page.split(/<!-- \/?threats -->/);
	const rows = table!
		.trim()
		.split('\n')
		.slice(2)
		.map((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()));
	const proofs = rows.flatMap(([, threat, , proof]) =>
		[...proof!.matchAll(/`(test\/[\w./-]+\.test\.ts)`: ((?:“[^”]+”(?:, )?)+)/g)].flatMap(
			([, path, titles]) =>
				[...titles!.matchAll(/“([^”]+)”/g)].map(([, title]) => [threat!, path!, title!] as const),
		),
	);

	it('has at least one proof for each threat', () => {
		const proven = new Set(proofs.map(([threat]) => threat));
		expect(rows.map(([, threat]) => threat!)).toEqual([...proven]);
		expect(rows.length).toBeGreaterThan(15);
	});

	it.each(proofs)('%s: %s has the test “%s”', (_threat, path, title) => {
		expect(testNames(path)).toContain(title);
	});
});
