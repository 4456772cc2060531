import type { JsonValue } from '../../../nodes/shared/api/json';
import { readOutput } from '../../../nodes/shared/outputs/shape';
import { growthOf, MAX_GROWTH } from '../growth';

const times = <T>(count: number, make: (at: number) => T) =>
	Array.from({ length: count }, (_, at) => make(at));

describe('an output of any width', () => {
	it.each<[string, JsonValue, number]>([
		['as many files as are taken', times(1_000, (at) => `https://x.y/${at}`), 1_000],
		['one more', times(1_001, (at) => `https://x.y/${at}`), 1_000],
		['very many', times(300_000, (at) => `https://x.y/${at}`), 1_000],
		['in objects', times(3_000, (at) => ({ [`k${at}`]: `https://x.y/${at}` })), 1_000],
		['of what only begins like an address', times(300_000, () => 'https://['), 0],
	])('gives a thousand files, and says once that there are more: %s', (name, output, files) => {
		const read = readOutput(output);
		expect(read.files).toHaveLength(files);
		expect(read.hasMore ?? false).toBe(name !== 'as many files as are taken');
	});

	it('does not look at addresses that it will not take', () => {
		const looked = jest.spyOn(URL, 'canParse');
		readOutput(times(100_000, () => 'https://x.y/z'));
		expect(looked.mock.calls.length).toBeLessThan(2_000);
		looked.mockClear();
		readOutput(times(100_000, () => 'https://['));
		expect(looked.mock.calls.length).toBeLessThan(20_000);
		looked.mockRestore();
	});

	it.each<[string, (n: number) => JsonValue]>([
		['addresses', (n) => times(n, (at) => `https://x.y/${at}`)],
		['tokens', (n) => times(n, () => 'a ')],
		['objects', (n) => times(n, (at) => ({ [`k${at}`]: [at] }))],
		['one text', (n) => 'https://'.repeat(n)],
		['one data URI', (n) => `data:${';a=b'.repeat(n)},`],
	])('takes no more time than its size: %s', (_what, make) => {
		expect(growthOf(100_000, make, readOutput)).toBeLessThan(MAX_GROWTH);
	});
});
