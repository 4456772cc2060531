import fc from 'fast-check';
import type { OpenApiDocument } from '../../../nodes/shared/api/shapes';
import { modelForm } from '../../../nodes/Replicate/panel/form';
import {
	isFileInput,
	isWide,
	modelInputs,
	rangeOf,
} from '../../../nodes/shared/schema/modelInputs';
import { typedInput } from '../../../nodes/shared/schema/values';

/** A document whose input `x` has this schema. */
function documentOf(x: object, more: Record<string, object> = {}, required: string[] = []) {
	const schemas = { Input: { type: 'object', properties: { x }, required }, ...more };
	return { components: { schemas } } as OpenApiDocument;
}

describe('modelInputs', () => {
	const read = (x: object, more?: Record<string, object>) => modelInputs(documentOf(x, more))![0]!;

	it.each([
		['text', { type: 'string' }],
		['secret', { type: 'string', format: 'password' }],
		['secret', { type: 'string', 'x-cog-secret': true }],
		['integer', { type: 'integer' }],
		['number', { type: 'number' }],
		['number', { anyOf: [{ type: 'integer' }, { type: 'number' }] }],
		['boolean', { type: 'boolean' }],
		['integer', { type: ['integer', 'null'] }],
		['integer', { anyOf: [{ type: 'integer' }, { type: 'null' }] }],
		['choice', { enum: ['a', 'b'] }],
		['choice', { const: 'a' }],
		['choice', { anyOf: [{ enum: ['a'] }, { const: 'b' }] }],
		['list', { type: 'array', items: { type: 'string' } }],
		['object', { type: 'object' }],
		['file', { type: 'string', format: 'uri' }],
		['file', { anyOf: [{ type: 'string', format: 'uri' }, { type: 'null' }] }],
		['fileList', { type: 'array', items: { type: 'string', format: 'uri' } }],
		[
			'either',
			{
				anyOf: [
					{ type: 'string', format: 'uri' },
					{ type: 'array', items: { type: 'string', format: 'uri' } },
				],
			},
		],
		['json', { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }],
		['json', {}],
		['json', { type: 'tuple' }],
		['json', { enum: [{ a: 1 }] }],
	])('reads %s from %j', (kind, schema) => {
		expect(read(schema).kind).toBe(kind);
	});

	it('follows the reference of an enum, and keeps what stands beside it', () => {
		const schema = { allOf: [{ $ref: '#/components/schemas/size' }], default: 'l', title: 'Size' };
		const size = {
			type: 'string',
			enum: ['s', 'l'],
			title: 'size',
			description: 'An enumeration.',
		};
		expect(read(schema, { size })).toMatchObject({
			kind: 'choice',
			choices: ['s', 'l'],
			default: 'l',
			title: 'Size',
		});
	});

	it('sorts by x-order, and makes a title where there is none', () => {
		const properties = { b: { 'x-order': 1 }, top_p: { 'x-order': 0 }, last: {} };
		const document = { components: { schemas: { Input: { properties } } } };
		expect(modelInputs(document)!.map(({ title }) => title)).toEqual(['Top P', 'B', 'Last']);
	});

	it.each([
		[{ minimum: 1, maximum: 50 }, '1 to 50'],
		[{ minimum: 0 }, 'at least 0'],
		[{ maximum: 2 }, 'at most 2'],
		[{ exclusiveMinimum: 0, maximum: 1 }, 'more than 0, at most 1'],
		[{ minimum: 0, exclusiveMinimum: true }, 'more than 0'],
		[{}, undefined],
	])('says the range of %j', (limits, range) => {
		expect(rangeOf(read({ type: 'number', ...limits }))).toBe(range);
	});

	it('reads a whole input, and nothing that is not there', () => {
		const schema = {
			type: 'string',
			title: ' My Text ',
			description: ' What it is ',
			minLength: 1,
			maxLength: 9,
			default: 'a',
			deprecated: true,
		};
		expect(modelInputs(documentOf(schema, {}, ['x']))).toStrictEqual([
			{
				kind: 'text',
				name: 'x',
				title: 'My Text',
				description: 'What it is',
				required: true,
				acceptsNull: false,
				default: 'a',
				deprecated: true,
				minLength: 1,
				maxLength: 9,
			},
		]);
		expect(read({ type: 'string', default: null, description: 5, minLength: '1' })).toStrictEqual({
			kind: 'text',
			name: 'x',
			title: 'X',
			required: false,
			acceptsNull: false,
			deprecated: false,
		});
		expect(read({ type: 'number', minimum: '1', maximum: Infinity })).toStrictEqual({
			...read({ type: 'number' }),
		});
		expect(Object.keys(read({ type: 'number' }))).not.toContain('minimum');
		expect(modelInputs(documentOf({}, {}, 'x' as never))![0]!.required).toBe(false);
	});

	it.each([undefined, null, {}, { components: {} }, { components: { schemas: {} } }])(
		'knows no inputs of %j',
		(document) => {
			expect(modelInputs(document as never)).toBeUndefined();
		},
	);

	it.each([
		['top_p', 'Top P'],
		['_lora__scale ', 'Lora Scale'],
		['__', '__'],
	])('names an input %s: %s', (name, title) => {
		const document = {
			components: { schemas: { Input: { properties: { [name]: { title: ' ' } } } } },
		};
		expect(modelInputs(document)![0]!.title).toBe(title);
	});

	it.each<[object, unknown]>([
		[{ enum: ['a', null] }, ['a']],
		[{ enum: ['a', 'a', 1, true] }, ['a', 1, true]],
		[{ anyOf: [{ enum: ['a'] }, { type: 'null' }] }, ['a']],
		[{ enum: [null] }, undefined],
		[{ enum: [] }, undefined],
		[{ anyOf: [{ enum: ['a'] }, { type: 'string' }] }, undefined],
		[{ anyOf: [] }, undefined],
	])('of %j are the choices %j', (schema, choices) => {
		expect(read(schema).choices).toEqual(choices);
	});

	it('tells exclusive limits in both of their forms', () => {
		expect(read({ type: 'number', maximum: 1, exclusiveMaximum: true })).toMatchObject({
			maximum: 1,
			belowMaximum: true,
		});
		expect(read({ type: 'number', exclusiveMaximum: 1 })).toMatchObject({
			maximum: 1,
			belowMaximum: true,
		});
		expect(read({ type: 'number', maximum: 1, exclusiveMaximum: false })).not.toHaveProperty(
			'belowMaximum',
		);
	});

	it('knows the kinds of several types together', () => {
		expect(read({ type: ['integer', 'string'] })).toMatchObject({
			kind: 'json',
			types: ['integer', 'string'],
		});
		const list = { type: 'array', items: { type: 'integer' } };
		expect(read({ anyOf: [list, { type: 'null' }] })).toMatchObject({
			kind: 'list',
			acceptsNull: true,
			items: { kind: 'integer' },
		});
	});

	it('reads lists in lists five levels deep', () => {
		const nested = (levels: number): object =>
			levels === 0 ? { type: 'string' } : { type: 'array', items: nested(levels - 1) };
		const kinds = (rule: { kind: string; items?: never }): string[] => [
			rule.kind,
			...(rule.items ? kinds(rule.items) : []),
		];
		expect(kinds(read(nested(5)) as never)).toEqual([...Array<string>(5).fill('list'), 'text']);
		expect(kinds(read(nested(9)) as never)).toEqual([...Array<string>(6).fill('list'), 'json']);
	});

	it.each([
		[{ type: 'string', format: 'uri' }, true],
		[{ type: 'array', items: { type: 'string', format: 'uri' } }, true],
		[
			{
				anyOf: [
					{ type: 'string', format: 'uri' },
					{ type: 'array', items: { format: 'uri' } },
				],
			},
			true,
		],
		[{ type: 'string' }, false],
	])('%j takes files: %s', (schema, expected) => {
		expect(isFileInput(read(schema))).toBe(expected);
	});

	it('knows which numbers JavaScript cannot hold', () => {
		expect(isWide(read({ type: 'integer', maximum: 2 ** 64 }))).toBe(true);
		expect(isWide(read({ type: 'integer', maximum: 2 ** 53 - 1 }))).toBe(false);
		expect(isWide(read({ type: 'integer', default: -(2 ** 60) }))).toBe(true);
		expect(isWide(read({ type: 'integer', default: '1e300' }))).toBe(false);
		expect(isWide(read({ type: 'number', maximum: 2 ** 64 }))).toBe(false);
	});

	it('ends on a schema that refers to itself', () => {
		const loop = { type: 'array', items: { $ref: '#/components/schemas/loop' } };
		expect(read({ $ref: '#/components/schemas/loop' }, { loop }).kind).toBe('list');
		const twice = { allOf: Array(9).fill({ $ref: '#/components/schemas/twice' }) };
		expect(read({ $ref: '#/components/schemas/twice' }, { twice }).kind).toBe('json');
	});

	it('never throws, whatever the schema, and every form can be filled in', () => {
		const words = fc.constantFrom(
			...['type', 'format', 'enum', 'allOf', 'anyOf', 'oneOf', '$ref', 'items', 'default', 'title'],
			...['minimum', 'maximum', 'nullable', 'description', 'x-order', 'required', 'const'],
		);
		const leaf = fc.oneof(
			fc.constantFrom('string', 'integer', 'number', 'boolean', 'array', 'object', 'uri', 'null'),
			fc.constant('#/components/schemas/other'),
			fc.integer(),
			fc.double(),
			fc.boolean(),
			fc.constant(null),
			fc.string(),
		);
		const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
			schema: fc.oneof(
				{ depthSize: 'small' },
				leaf,
				fc.array(tie('schema'), { maxLength: 3 }),
				fc.dictionary(words, tie('schema'), { maxKeys: 5 }),
			),
		}));
		const anyDocument = fc.record({
			x: schema,
			other: schema,
			required: schema,
			value: fc.anything(),
		});
		fc.assert(
			fc.property(anyDocument, ({ x, other, required, value }) => {
				const schemas = { Input: { properties: { x }, required }, other };
				const inputs = modelInputs({ components: { schemas } } as never) ?? [];
				for (const field of modelForm(inputs, { x: 'example' })) {
					expect(field).toMatchObject({ id: 'x', displayName: expect.stringMatching(/\S/) });
				}
				try {
					typedInput(inputs, { x: value });
				} catch (error) {
					expect((error as Error).name).toBe('InputError');
				}
			}),
			{ numRuns: 2_000 },
		);
	});
});
