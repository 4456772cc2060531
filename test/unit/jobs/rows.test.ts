import type { ParameterSource } from '../../../nodes/fields/field';
import { prices } from '../../../nodes/fields/prices';
import { readAssignments, readFallbacks } from '../../../nodes/jobs/input/rows';

/** What a hand-written workflow can hold in place of the rows that n8n's panel writes. */
describe('rows that are no list', () => {
	const giving = (value: unknown) => ({ parameter: () => value });

	it.each([5, 'data', { values: 5 }, { values: [5] }])('of files are refused: %j', (given) => {
		expect(() => readAssignments(giving(given))).toThrow(
			/^File Inputs must be a list of rows, and is /,
		);
	});

	it('of files are none where nothing is given', () => {
		expect(readAssignments(giving({}))).toEqual([]);
	});

	it.each([{ values: 5 }, { values: [5] }])('of fallback models are refused: %j', (given) => {
		expect(() => readFallbacks(giving(given))).toThrow(
			/^Options → Fallback Models must be a list of models, and is /,
		);
	});

	it.each([5, { values: 5 }, { values: [5] }])('of prices are refused: %j', (given) => {
		expect(() =>
			prices.read({
				parameter: (name: string) => (name === 'options' ? { prices: given } : undefined),
			} as ParameterSource),
		).toThrow(/^Options → Prices must be a list of prices, and is /);
	});
});
