import fc from 'fast-check';
import { pageOf } from '../../../nodes/shared/api/shape';
import {
	COLLECTION_SHAPE,
	DEPLOYMENT_SHAPE,
	FILE_SHAPE,
	HARDWARE_SHAPE,
	MODEL_SHAPE,
	PREDICTION_SHAPE,
	SEARCH_SHAPE,
	SECRET_SHAPE,
	VERSION_SHAPE,
} from '../../../nodes/shared/api/shapes';
import { isTooDeep, shown, withoutDepths } from '../../../nodes/shared/api/json';

function nested(depth: number): unknown {
	return JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;
}

describe('the shape of a response', () => {
	it('keeps what is right, and what it does not know', () => {
		const prediction = {
			id: 'a',
			status: 'succeeded',
			logs: null,
			urls: { get: 'x' },
			metrics: { predict_time: 1 },
			more: [1],
		};
		expect(PREDICTION_SHAPE(prediction)).toEqual(prediction);
	});

	it('makes parts of a wrong type missing', () => {
		const odd = {
			id: 'a',
			status: 5,
			logs: 5,
			metrics: 'x',
			input: [],
			created_at: 'soon',
			urls: { get: 1 },
		};
		expect(PREDICTION_SHAPE(odd)).toEqual({ id: 'a', status: 'unknown', urls: {} });
	});

	it.each([
		['no id', PREDICTION_SHAPE, { status: 'succeeded' }],
		['an id that is a path', PREDICTION_SHAPE, { id: '../x', status: 'succeeded' }],
		['an empty id', PREDICTION_SHAPE, { id: '', status: 'succeeded' }],
		['an expression as owner', MODEL_SHAPE, { owner: '={{ 1 }}', name: 'x' }],
		['a name with a path', MODEL_SHAPE, { owner: 'a', name: '../x' }],
		['a version without id', VERSION_SHAPE, {}],
		['a deployment without name', DEPLOYMENT_SHAPE, { owner: 'a' }],
		['a file without address', FILE_SHAPE, { id: 'a', urls: {} }],
		['a file at another kind of address', FILE_SHAPE, { id: 'a', urls: { get: 'file:///etc' } }],
		['a collection without slug', COLLECTION_SHAPE, { name: 'a' }],
		['hardware that is not a list', HARDWARE_SHAPE, {}],
		['a secret that is not a text', SECRET_SHAPE, { key: 5 }],
		['a page without results', pageOf(PREDICTION_SHAPE), { results: {} }],
		['a list', PREDICTION_SHAPE, []],
		['null', PREDICTION_SHAPE, null],
	])('refuses %s', (_what, shape, response) => {
		expect(shape(response)).toBeUndefined();
	});

	it('leaves bad entries out of lists', () => {
		const page = { results: [null, { id: 'a', status: 'x' }, 5, {}], next: 7 };
		expect(pageOf(PREDICTION_SHAPE)(page)).toEqual({
			results: [{ id: 'a', status: 'x' }],
			next: null,
		});
		expect(pageOf(PREDICTION_SHAPE)({ results: [], next: 'https://x' })?.next).toBe('https://x');
		expect(
			HARDWARE_SHAPE([
				{ name: 'CPU', sku: 'cpu' },
				{ name: 'x', sku: '=x' },
			]),
		).toEqual([{ name: 'CPU', sku: 'cpu' }]);
		expect(SEARCH_SHAPE({ models: [{ model: { owner: 'a', name: 'b' } }, {}, 1] })).toEqual({
			models: [{ model: { owner: 'a', name: 'b' } }],
		});
	});

	it('never throws, whatever the response', () => {
		const shapes = [PREDICTION_SHAPE, MODEL_SHAPE, COLLECTION_SHAPE, SEARCH_SHAPE, HARDWARE_SHAPE];
		const anything = fc.oneof(
			fc.anything(),
			fc.record({ id: fc.anything(), status: fc.anything() }),
		);
		fc.assert(
			fc.property(anything, (response) => {
				for (const shape of shapes) expect(() => shape(response)).not.toThrow();
			}),
			{ seed: 8, numRuns: 1_000 },
		);
	});
});

describe('nesting', () => {
	it('is cut where it would break n8n, and nowhere else', () => {
		expect(isTooDeep(nested(200))).toBe(false);
		expect(isTooDeep(nested(202))).toBe(true);
		expect(isTooDeep([1, nested(202), 'x'])).toBe(true);
		const atLimit = withoutDepths([[[[1], 'text']]], 2);
		expect(atLimit).toEqual([[['[nested too deeply]', 'text']]]);
		expect(withoutDepths(nested(200))).toEqual(nested(200));
		const cut = withoutDepths({ deep: nested(50_000), flat: 1 });
		expect(isTooDeep(cut)).toBe(false);
		expect(JSON.stringify(cut)).toContain('[nested too deeply]');
		expect(cut.flat).toBe(1);
		const hidden = JSON.parse('{"__proto__":'.repeat(5_000) + '1' + '}'.repeat(5_000)) as unknown;
		expect(isTooDeep(withoutDepths(hidden))).toBe(false);
	});

	it('is no trouble for an error that shows the value', () => {
		expect(shown(nested(50_000))).toBe('(nested too deeply)');
		expect(shown('x'.repeat(200))).toHaveLength(100);
		expect(shown('x'.repeat(98))).toBe(`"${'x'.repeat(98)}"`);
		expect(shown({ a: 12n })).toBe('{"a":12}');
		expect([NaN, Infinity, 5].map(shown)).toEqual(['NaN', 'Infinity', '5']);
	});
});
