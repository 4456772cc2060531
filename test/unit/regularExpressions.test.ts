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
	const files = ['nodes', 'credentials'].flatMap((folder) =>
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

/** Texts that make a regular expression go back and forth, if anything does. */
function hostileTexts(source: string): string[] {
	const literals = source
		.replace(/\\[a-z]|\W/gi, ' ')
		.split(' ')
		.filter(Boolean);
	const pieces = ['a', ' ', '0', '/', '.', '_', '-', ':', ';', ',', '=', '"', '|', '#', '(', '\n'];
	return [...new Set([...pieces, ...literals, 'a.', 'a/', '0%|', 'a;', '{', '}', '://'])].flatMap(
		(piece) => {
			const text = piece.repeat(Math.ceil(100_000 / piece.length));
			return [text, `${text}\u0000`, `a${text}!`, `https://${text}\u0000`];
		},
	);
}

/** The fastest of a few tries, in ms: a busy machine takes its time now and then. */
function fastest(run: () => void): number {
	let best = Infinity;
	for (let tries = 0; tries < 5 && best > 100; tries++) {
		const began = performance.now();
		run();
		best = Math.min(best, performance.now() - began);
	}
	return best;
}

describe('regular expressions', () => {
	const all = regularExpressions();

	it('are found in the code, all of them', () => {
		expect(all.length).toBeGreaterThan(60);
	});

	it.each(all.map(({ place, source, flags }) => [place, source, flags]))(
		'%s: %s ends soon on any text',
		(_place, source, flags) => {
			const pattern = new RegExp(source, flags);
			for (const text of hostileTexts(source)) {
				expect(fastest(() => text.replace(pattern, ''))).toBeLessThan(250);
			}
			// Proves that no text takes more than linear time.
			const { status } = checkSync(source, flags.replace('v', 'u'), { timeout: 30_000 });
			expect(status).toBe('safe');
		},
	);

	it('of the editor, too', () => {
		const patterns = JSON.stringify(resourceProperties).match(/"regex":"(?:[^"\\]|\\.)+"/g) ?? [];
		for (const one of patterns) {
			const { regex } = JSON.parse(`{${one}}`) as { regex: string };
			expect(checkSync(`^${regex}$`, '', { timeout: 30_000 }).status).toBe('safe');
		}
		expect(patterns.length).toBeGreaterThan(0);
	});
});
