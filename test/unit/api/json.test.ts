import { parseJson, stringifyJson, toJson } from '../../../nodes/shared/api/json';

describe('JSON', () => {
	it('keeps whole numbers above 2^53 with all their digits, and no others', () => {
		const text =
			'{"seed":18446744073709551557,"n":5,"x":1.2345678901234567890,"m":-9007199254740993}';
		expect(parseJson(text)).toEqual({
			seed: 18446744073709551557n,
			n: 5,
			x: 1.2345678901234567,
			m: -9007199254740993n,
		});
		expect(stringifyJson(parseJson(text))).toContain('"seed":18446744073709551557');
	});

	it('takes the last of two equal keys, with or without a long number', () => {
		expect(parseJson('{"a":1,"a":2}')).toEqual({ a: 2 });
		expect(parseJson('{"a":1,"a":2,"b":12345678901234567890}')).toMatchObject({ a: 2 });
	});

	it('is null for what JSON cannot hold', () => {
		expect(stringifyJson(undefined)).toBe('null');
		expect(stringifyJson(() => 1)).toBe('null');
		expect(() => parseJson('{')).toThrow(SyntaxError);
	});
});

describe('toJson', () => {
	it('copies what JSON holds, without what is undefined', () => {
		const value = { a: 1, b: null, c: undefined, d: [{ e: 'x', f: undefined }, undefined, true] };
		const copy = toJson(value);
		expect(copy).toStrictEqual({ a: 1, b: null, d: [{ e: 'x' }, null, true] });
		expect(copy.d).not.toBe(value.d);
	});

	it('keeps a key such as __proto__ as a key', () => {
		const hostile = JSON.parse('{"__proto__":{"admin":true}}') as object;
		const copy = toJson(hostile);
		expect(Object.keys(copy)).toEqual(['__proto__']);
		expect((copy as { admin?: boolean }).admin).toBeUndefined();
	});

	it.each([[{ a: 1n }], [{ a: [() => 1] }], [{ a: { b: Symbol('x') } }]])(
		'refuses what JSON cannot hold: %p',
		(value) => {
			expect(() => toJson(value)).toThrow(TypeError);
		},
	);
});
