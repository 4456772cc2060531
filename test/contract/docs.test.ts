import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scripts } from '../../package.json';
import { PAPERS, ROOT, rowsOf, textOf } from './papers';

describe('the documentation', () => {
	it('has the tables of the nodes’ own descriptions ("npm run operations" writes them anew)', () => {
		// In a process of its own: the formatter is an ES module.
		const script = [
			"import('./dev/scripts/operations.ts')",
			'.then((script) => (script.pagesWithTables ?? script.default.pagesWithTables)())',
			'.then((pages) => process.stdout.write(JSON.stringify(pages)))',
		].join('');
		const output = execFileSync(process.execPath, ['--import', 'tsx', '-e', script], {
			cwd: ROOT,
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		const pages = JSON.parse(output.toString()) as Record<string, string>;
		expect(Object.keys(pages)).toHaveLength(4);
		const stale = Object.entries(pages)
			.map(([name, text]) => [`docs/${name}`, text] as const)
			.filter(([path, text]) => textOf(path) !== text);
		expect(stale.map(([path]) => path)).toEqual([]);
	});

	it.each(PAPERS)('%s: every link leads to a file, and to a heading of it', (path) => {
		const links = [...textOf(path).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
		const broken = links
			.filter(([, target, anchor]) => {
				const file = target === '' ? path : join(dirname(path), target!);
				if (!existsSync(join(ROOT, file))) return true;
				return anchor !== undefined && !anchorsOf(file).includes(anchor);
			})
			.map(([link]) => link);
		expect(broken).toEqual([]);
	});

	it.each(PAPERS)('%s: every command of npm exists', (path) => {
		const named = [...textOf(path).matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script]) => script!);
		expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
	});

	it('quotes errors as the code words them, or a test that reads them whole', () => {
		const code = ['nodes', 'test/integration', 'test/e2e'].flatMap(sourcesIn).join('\n');
		const [, table] = textOf('docs/errors.md').split(/<!-- \/?errors -->/);
		const quoted = rowsOf(table!).map(([words]) => words!);
		expect(quoted.length).toBeGreaterThan(10);
		expect(quoted.filter((words) => !code.includes(fixedPartOf(words)))).toEqual([]);
	});
});

/** The texts of a folder's TypeScript files. */
function sourcesIn(folder: string): string[] {
	return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => textOf(`${folder}/${name}`));
}

/** The headings of a page, as GitHub makes anchors of them. */
function anchorsOf(path: string): string[] {
	return [...textOf(path).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
		heading!
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-'),
	);
}

/** The longest part of an error that holds no value of an item. */
function fixedPartOf(words: string): string {
	const parts = words.split(/…|"[^"]*"|: width.*$/).map((part) => part.trim());
	return parts.sort((one, other) => other.length - one.length)[0]!;
}
