import fc from 'fast-check';
import { InlinedFile, jsonBody } from '../../../nodes/shared/api/jsonBody';

const file = (bytes: number, mimeType = 'image/png') =>
	new InlinedFile(mimeType, Buffer.alloc(bytes, 'some "bytes" ').toString('base64'));
const sent = (value: object) => jsonBody(value).toString();

describe('A body in JSON', () => {
	it.each<[string, object]>([
		['no file', { a: [1, 'é"', null], b: undefined }],
		['a file', { input: { image: file(9_000) } }],
		['a file of no bytes', { image: file(0) }],
		['a list of files and addresses', { a: [file(1), 'https://example.com/a.png', file(2)] }],
		['the same file twice', { a: file(4), b: { c: file(4) } }],
		['a type with characters that JSON escapes', { a: file(5, 'text/plain;charset="utf-8"\n') }],
		['texts of more bytes than characters', { é: '💡', a: file(6, 'x/é'), z: 'ñ' }],
	])('is what JavaScript writes of %s', (_name, value) => {
		expect(sent(value)).toBe(JSON.stringify(value));
	});

	it('keeps the digits of a long number beside a file', () => {
		expect(sent({ seed: 2n ** 64n, a: file(3, 'image/png') })).toBe(
			'{"seed":18446744073709551616,"a":"data:image/png;base64,c29t"}',
		);
	});

	it('is what JavaScript writes of any value', () => {
		const anyFile = fc.tuple(fc.nat(50), fc.string()).map(([bytes, type]) => file(bytes, type));
		const any = fc.oneof(fc.jsonValue(), anyFile);
		const inputs = fc.dictionary(fc.string({ unit: 'binary' }), fc.oneof(any, fc.array(any)));
		fc.assert(fc.property(inputs, (value) => expect(sent(value)).toBe(JSON.stringify(value))));
	});
});
