import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkSync } from 'recheck';
import ts from 'typescript';
import { resourceProperties } from '../../nodes/Replicate/actions/resources';
import { NAME } from '../../nodes/shared/models/modelReference';

const root = resolve(__dirname, '../..');

interface Found {
	place: string;
	source: string;
	flags: string;
}

/** All regular expressions of the published code, as its syntax tree has them. */
function regularExpressions(): Found[] {
	const files = ['nodes', 'credentials', 'transports'].flatMap((folder) =>
		readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts'))
			.map((name) => join(folder, name)),
	);
	return files.flatMap((name) => {
		const text = readFileSync(join(root, name), 'utf8');
		const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
		const found: Found[] = [];
		const visit = (node: ts.Node): void => {
			const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
			const place = `${name}:${line + 1}`;
			if (ts.isRegularExpressionLiteral(node)) {
				const end = node.text.lastIndexOf('/');
				found.push({ place, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
			} else if (ts.isNewExpression(node) && node.expression.getText(file) === 'RegExp') {
				const [pattern] = node.arguments!;
				// Patterns that are put together use one constant, and nothing from outside.
				const source = pattern!.getText(file).slice(1, -1).replaceAll('${NAME}', NAME);
				expect(source).not.toContain('${');
				found.push({ place, source, flags: '' });
			}
			node.forEachChild(visit);
		};
		visit(file);
		return found;
	});
}

/** What the proof of one may take, in ms: its time on a busy machine says nothing of the expression. */
const PROOF_MS = 120_000;

/** Whether it is proven that no text takes the expression more than linear time. */
function proof(source: string, flags: string): string {
	return checkSync(source, flags.replace('v', 'u'), { timeout: PROOF_MS }).status;
}

describe('regular expressions', () => {
	const all = regularExpressions();

	it('are found in the code, all of them', () => {
		expect(all.length).toBeGreaterThan(60);
		for (const folder of ['nodes/', 'credentials/', 'transports/']) {
			expect(all.filter(({ place }) => place.startsWith(folder))).not.toEqual([]);
		}
	});

	it.each(all.map(({ place, source, flags }) => [place, source, flags]))(
		'%s: %s ends soon on any text',
		(_place, source, flags) => expect(proof(source, flags)).toBe('safe'),
	);

	it.each([
		['two ways to take each character', '(?:a|a)*b', ''],
		['a repetition inside of another', String.raw`(?:[,\s]+)+\*$`, ''],
		['a search from each place to the end', String.raw`\s+$`, ''],
	])('would be found out: %s', (_what, source, flags) => {
		expect(proof(source, flags)).toBe('vulnerable');
	});

	it('of the editor, too', () => {
		const patterns = JSON.stringify(resourceProperties).match(/"regex":"(?:[^"\\]|\\.)+"/g) ?? [];
		for (const one of patterns) {
			const { regex } = JSON.parse(`{${one}}`) as { regex: string };
			expect(proof(`^${regex}$`, '')).toBe('safe');
		}
		expect(patterns.length).toBeGreaterThan(0);
	});
});
