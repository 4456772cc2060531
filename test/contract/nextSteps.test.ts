import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(__dirname, '../..');

/** Words that are the next step themselves: they name what is allowed. */
const ALLOWED = /must be (?:a (?:whole )?number|one of|a list of \$\{)|\bneeds \$\{|takes up to/;

/** Errors of parameters in one file's text that say what is wrong, and not what to do about it. */
function withoutNextStep(file: string, text: string): string[] {
	const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isNewExpression(node) && node.expression.getText(source) === 'ParameterError') {
			const [message, advice] = node.arguments ?? [];
			const isEnough = advice !== undefined || ALLOWED.test(message?.getText(source) ?? '');
			if (!isEnough) found.push(`${file}: ${node.getText(source)}`);
		}
		node.forEachChild(visit);
	};
	visit(source);
	return found;
}

describe('an error of a parameter', () => {
	it('says what to do next', () => {
		const files = readdirSync(join(root, 'nodes'), { recursive: true, encoding: 'utf8' });
		const lacking = files
			.filter((name) => name.endsWith('.ts'))
			.flatMap((name) =>
				withoutNextStep(join('nodes', name), readFileSync(join(root, 'nodes', name), 'utf8')),
			);
		expect(lacking).toEqual([]);
	});

	it('is found where it does not', () => {
		expect(withoutNextStep('x.ts', "throw new ParameterError('No rows');")).toHaveLength(1);
		for (const enough of ["'No rows', 'Add one.'", '`${label} must be one of a, b`']) {
			expect(withoutNextStep('x.ts', `throw new ParameterError(${enough});`)).toEqual([]);
		}
	});
});
