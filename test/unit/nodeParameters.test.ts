import { NodeParameters } from '../../nodes/host/nodeParameters';

/** n8n's side: what is written in the node, and what it gives for each item. */
function contextWith(written: unknown, valueOf: (itemIndex: number, located?: boolean) => unknown) {
	const asked: number[] = [];
	const getNodeParameter = (
		_name: string,
		itemIndex: number,
		_fallback: unknown,
		options: { rawExpressions?: boolean; extractValue?: boolean },
	) => {
		if (options.rawExpressions) return written;
		asked.push(itemIndex);
		return valueOf(itemIndex, options.extractValue);
	};
	return { asked, parameters: new NodeParameters({ getNodeParameter } as never) };
}

describe('NodeParameters', () => {
	it.each([
		['a text', 'text'],
		['a number', 5],
		['nothing', undefined],
		['null', null],
		['a locator', { __rl: true, mode: 'name', value: 'owner/name' }],
	])('asks n8n once for %s', (_what, value) => {
		const { asked, parameters } = contextWith(value, () => value);
		const got = [0, 1, 2].map((item) => parameters.get('model', item, ''));
		expect(got).toEqual([value, value, value]);
		expect(asked).toEqual([0]);
	});

	it.each([
		['an expression', '={{ $json.x }}'],
		['an expression in a list', { values: [{ input: 'image', binaryFields: '={{ $json.x }}' }] }],
	])('asks n8n for each item where there is %s', (_what, written) => {
		const { asked, parameters } = contextWith(written, (item) => `value ${item}`);
		const got = [0, 1, 2].map((item) => parameters.get('model', item, ''));
		expect(got).toEqual(['value 0', 'value 1', 'value 2']);
		expect(asked).toEqual([0, 1, 2]);
	});

	it('asks for each item where n8n makes an object of its own from a plain text', () => {
		const { asked, parameters } = contextWith('2026-01-01', () => new Date(0));
		expect(parameters.get('inputs', 0, '')).toEqual(new Date(0));
		parameters.get('inputs', 1, '');
		expect(asked).toEqual([0, 1]);
	});

	it('tells what a locator points at from the locator itself', () => {
		const locator = { __rl: true, mode: 'name', value: 'owner/name' };
		const { parameters } = contextWith(locator, (_item, located) =>
			located ? 'owner/name' : locator,
		);
		for (const item of [0, 1]) {
			expect(parameters.get('model', item, '')).toEqual(locator);
			expect(parameters.get('model', item, '', { extractValue: true })).toBe('owner/name');
		}
	});

	it('lets no item change what the next one gets, nor what is n8n’s own', () => {
		const own = { a: [1], b: { c: 'x' } };
		const { parameters } = contextWith(own, () => own);
		parameters.get('inputs', 0, {});
		const same = parameters.get('inputs', 1, {}) as typeof own;
		expect(() => same.a.push(2)).toThrow('not extensible');
		expect(() => (same.b.c = 'y')).toThrow('read only');
		own.a.push(3);
		expect(parameters.get('inputs', 2, {})).toEqual({ a: [1], b: { c: 'x' } });
	});

	it('asks again after an error', () => {
		const { asked, parameters } = contextWith('text', (item) => {
			if (item === 0) throw new Error('no');
			return 'text';
		});
		expect(() => parameters.get('model', 0, '')).toThrow('no');
		expect(parameters.get('model', 1, '')).toBe('text');
		expect(asked).toEqual([0, 1]);
	});
});
