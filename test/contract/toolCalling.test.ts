import { execFileSync } from 'node:child_process';
import { ROOT, rowsOf, textOf } from './papers';

describe('the measurement of tool calling', () => {
	it('is what the code does ("npm run tool-calling" writes it anew)', () => {
		// In a process of its own: the formatter is an ES module.
		const script = [
			"import('./dev/scripts/toolCalling.ts')",
			'.then((script) => (script.toolCallingPages ?? script.default.toolCallingPages)())',
			'.then((pages) => process.stdout.write(JSON.stringify(pages)))',
		].join('');
		const pages = execFileSync(process.execPath, ['--import', 'tsx', '-e', script], {
			cwd: ROOT,
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		const written = JSON.parse(pages.toString()) as Record<string, string>;
		expect(Object.keys(written)).toHaveLength(2);
		for (const [path, text] of Object.entries(written)) expect(textOf(path)).toBe(text);
	});

	it('has enough answers of each class, and no call that fits no tool', () => {
		const [, measured] = textOf('docs/tool-calling.md').split(/<!-- \/?measured -->/);
		const [sums] = measured!.trim().split('\n\n');
		const rows = rowsOf(sums!);
		expect(rows.map(([title]) => title)).toEqual([
			'As asked',
			'Sloppy',
			'Wrong or hostile',
			'**all**',
		]);
		expect(Number(rows.at(-1)![1])).toBeGreaterThanOrEqual(50);
		for (const row of rows) {
			const [answers, words, calls, refused, good, same, wrong] = row.slice(1).map(Number);
			expect(words! + calls! + refused!).toBe(answers);
			// A good second answer is called, and the same one again is an error.
			expect([good, same, wrong]).toEqual([refused, refused, 0]);
		}
	});

	it('says first that no real model was asked', () => {
		const [introduction] = textOf('docs/tool-calling.md').split('## ');
		expect(introduction).toContain('**The answers below are scripted.**');
		expect(introduction).toContain('is unknown');
	});
});
