import ts from 'typescript';
import { rowsOf, textOf } from './papers';

/** The names of a file's tests; of a name with a value in it, what comes before the value. */
function testNames(path: string): string[] {
	const text = textOf(path);
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
	const [, table] = textOf('SECURITY.md').split(/<!-- \/?threats -->/);
	const rows = rowsOf(table!);
	const proofs = rows.flatMap(([threat, , proof]) =>
		[...proof!.matchAll(/`(test\/[\w./-]+\.test\.ts)`: ((?:“[^”]+”(?:, )?)+)/g)].flatMap(
			([, path, titles]) =>
				[...titles!.matchAll(/“([^”]+)”/g)].map(([, title]) => [threat!, path!, title!] as const),
		),
	);

	it('has at least one proof for each threat', () => {
		const proven = new Set(proofs.map(([threat]) => threat));
		expect(rows.map(([threat]) => threat!)).toEqual([...proven]);
		expect(rows.length).toBeGreaterThan(15);
	});

	it.each(proofs)('%s: %s has the test “%s”', (_threat, path, title) => {
		expect(testNames(path)).toContain(title);
	});
});
