import { name } from '../../package.json';
import { PAPERS, textOf } from './papers';

/** What a reader wants to know, in this order. */
const SECTIONS = ['Install it in n8n', 'First run', 'How files travel', 'Recipes', 'Links'];
const MAX_LINES = 150;

describe('the README', () => {
	const lines = textOf('README.md').split('\n');

	it('is short, and begins with what the package is and a picture', () => {
		expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
		const beginning = lines.slice(0, lines.indexOf(`## ${SECTIONS[0]}`)).join('\n');
		expect(beginning.startsWith(`# ${name}\n\nRun any AI model `)).toBe(true);
		expect(beginning.match(/!\[/g)).toHaveLength(1);
	});

	it('has its sections in the order in which they are needed', () => {
		const headings = lines.filter((line) => line.startsWith('## ')).map((line) => line.slice(3));
		expect(headings).toEqual(SECTIONS);
	});

	it('names the commands of a fresh clone', () => {
		expect(textOf('README.md')).toMatch(/^\| `npm start` /m);
		expect(textOf('README.md')).toMatch(/^\| `npm test` /m);
	});

	it('leads to every page, at most over the index of the documentation', () => {
		const targets = (path: string) =>
			[...textOf(path).matchAll(/\]\(([^)#]+)/g)].map(([, target]) => target!);
		const reached = [
			'README.md',
			...targets('README.md'),
			...targets('docs/README.md').map((target) =>
				target.startsWith('../') ? target.slice(3) : `docs/${target}`,
			),
		];
		expect(PAPERS.filter((path) => !reached.includes(path))).toEqual([]);
	});
});
