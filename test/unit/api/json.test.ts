import fc from 'fast-check';
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

describe('JSON with long data URIs', () => {
	const base64 = (bytes: number) => Buffer.alloc(bytes, 'some "bytes" ').toString('base64');
	const uri = (digits: string, type = 'image/png') => `data:${type};base64,${digits}`;

	it.each<[string, string]>([
		['of whole groups of four', uri(base64(9_000))],
		['with one padding', uri(base64(9_001))],
		['with two paddings', uri(base64(9_002))],
		['in the alphabet for URLs', uri(base64(9_000).replaceAll('I', '-').replaceAll('Q', '_'))],
		['with a quote', uri(`${base64(9_000)}"AAA`)],
		['with a backslash', uri(`${base64(9_000)}\\AAA`)],
		['with a line break', uri(`${base64(9_000)}\nAAA`)],
		['with a character of two bytes', uri(`${base64(9_000)}éAAA`)],
		['with padding in its middle', uri(`QQ==${base64(9_000)}`)],
		['that ends the text early', uri(`${base64(9_000)}","x":"`)],
		['with parameters', uri(base64(9_000), 'text/plain;charset="utf-8"')],
		['that is not base64', `data:text/plain,${'"'.repeat(10_000)}`],
		['that is no data URI', '"'.repeat(10_000)],
	])('is what JavaScript writes: %s', (_name, text) => {
		const value = { a: text, b: [text, 'x"y'], c: { d: text, e: null } };
		expect(stringifyJson(value)).toBe(JSON.stringify(value));
	});

	it('is what JavaScript writes, of any value', () => {
		const long = fc
			.tuple(fc.constantFrom('', '"', '\\', '=', '\u0000'), fc.nat(3))
			.map(([odd, more]) => uri(base64(8_000 + more) + odd));
		const any = fc.oneof(fc.jsonValue(), long);
		fc.assert(
			fc.property(fc.dictionary(fc.string(), fc.oneof(any, fc.array(any))), (value) => {
				expect(stringifyJson(value)).toBe(JSON.stringify(value));
			}),
		);
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
