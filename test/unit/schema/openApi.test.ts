import { SchemaReader } from '../../../nodes/shared/schema/openApi';

const document = {
	components: {
		schemas: {
			Picture: { type: 'string', format: 'uri' },
			Loop: { $ref: '#/components/schemas/Loop' },
		},
	},
};
const uri = { type: 'string', format: 'uri' };

describe('fileKind', () => {
	it.each([
		['a uri', uri, 'file'],
		[
			'a referenced uri',
			{ allOf: [{ $ref: '#/components/schemas/Picture' }], description: 'x' },
			'file',
		],
		['a uri or null', { anyOf: [uri, { type: 'null' }] }, 'file'],
		['a list of uris', { type: 'array', items: uri }, 'fileList'],
		['a list or one', { anyOf: [uri, { type: 'array', items: uri }] }, 'either'],
		['a uri without a type', { format: 'uri' }, 'file'],
		['a number with the format of a uri', { type: 'integer', format: 'uri' }, undefined],
		['an object with items', { type: 'object', items: uri }, undefined],
		[
			'a list of uris and texts',
			{ type: 'array', items: { anyOf: [uri, { type: 'string' }] } },
			'fileList',
		],
		[
			'a uri or null, as OpenAPI 3.1 writes it',
			{ type: ['string', 'null'], format: 'uri' },
			'file',
		],
		['a text', { type: 'string' }, undefined],
		['a list of texts', { type: 'array', items: { type: 'string' } }, undefined],
		['a number', { type: 'integer' }, undefined],
		['a loop', { $ref: '#/components/schemas/Loop' }, undefined],
		['nonsense', { allOf: 5, anyOf: 'x', items: [] }, undefined],
	])('%s', (_name, node, kind) => {
		expect(new SchemaReader(document).fileKind(node)).toBe(kind);
	});
});

describe('resolved', () => {
	it('lays references flat, and keys beside them win', () => {
		const node = { allOf: [{ $ref: '#/components/schemas/Picture' }], format: 'x', title: 'Y' };
		expect(new SchemaReader(document).resolved(node)).toEqual({
			type: 'string',
			format: 'x',
			title: 'Y',
		});
	});

	it.each([undefined, null, {}, { components: {} }, { components: { schemas: {} } }])(
		'takes a reference into %j for nothing',
		(empty) => {
			const reader = new SchemaReader(empty as never);
			expect(reader.resolved({ $ref: '#/components/schemas/X', a: 1 })).toEqual({ a: 1 });
			expect(reader.inputProperties()).toBeUndefined();
			expect(reader.output()).toBeUndefined();
		},
	);

	it('follows references twenty deep', () => {
		const chain = (length: number) => {
			const schemas: Record<string, object> = { S0: { type: 'string' } };
			for (let n = 1; n <= length; n++)
				schemas[`S${n}`] = { $ref: `#/components/schemas/S${n - 1}` };
			const reader = new SchemaReader({ components: { schemas } } as never);
			return reader.resolved(schemas[`S${length}`] as never);
		};
		expect(chain(20)).toEqual({ type: 'string' });
		expect(chain(21)).toEqual({});
	});
});
