import { listable } from '../../../nodes/shared/predictions/find';

describe('what is kept of an input whose create was lost', () => {
	it.each<[string, unknown]>([
		['a long text', 'x'.repeat(5_000_000)],
		['a long list', Array.from({ length: 500_000 }, (_, at) => at)],
		['a large object', { text: 'x'.repeat(5_000_000) }],
	])('is small, and tells it from another: %s', (_what, value) => {
		const shown = listable({ prompt: value, seed: 5 } as never);
		expect(JSON.stringify(shown).length).toBeLessThan(400);
		expect(shown.seed).toBe(5);
		expect(listable({ seed: 5, prompt: structuredClone(value) } as never)).toEqual(shown);
		const other = typeof value === 'string' ? `${value}y` : { ...(value as object), more: 1 };
		expect(listable({ seed: 5, prompt: other } as never)).not.toEqual(shown);
	});
});
