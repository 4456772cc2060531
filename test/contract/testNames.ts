import ts from 'typescript';
import { textOf } from './papers';

/** The names of a file's tests; of a name with a value in it, what comes before the value. */
export function testNames(path: string): string[] {
	const text = textOf(path);
	const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
	const names: string[] = [];
	const visit = (node: ts.Node): void => {
		if (
			ts.isCallExpression(node) &&
			/^(?:it|onlySelfHosted)\b/.test(node.expression.getText(file))
		) {
			const [name] = node.arguments;
			if (name && ts.isStringLiteralLike(name)) names.push(name.text);
			if (name && ts.isTemplateExpression(name)) names.push(name.head.text);
		}
		node.forEachChild(visit);
	};
	visit(file);
	return names;
}
