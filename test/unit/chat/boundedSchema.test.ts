import type { JsonObject } from '../../../nodes/shared/api/json';
import { schemaFault } from '../../../nodes/shared/chat/schemaFault';
import { cpuMs, growthOf, MAX_GROWTH } from '../growth';

const EVIL = '^(a+)+$';
/** JavaScript's own engine would need longer than the universe for it. */
const LONG = `${'a'.repeat(60)}!`;
const DRAFTS = [undefined, '04', '06', '07', '2019-09', '2020-12'];
const draft = (name?: string): JsonObject =>
	name === undefined ? {} : { $schema: `http://json-schema.org/draft-${name}/schema#` };

/** Every place in which a schema can hold a pattern, by the arguments that reach it. */
const PLACES: Array<[string, JsonObject, JsonObject]> = [
	['a property', { properties: { x: { pattern: EVIL } } }, { x: LONG }],
	['a name', { propertyNames: { pattern: EVIL } }, { [LONG]: 1 }],
	[
		'a pattern of names',
		{ patternProperties: { [EVIL]: {} }, additionalProperties: false },
		{ [LONG]: 1 },
	],
	[
		'a reference',
		{ $defs: { e: { pattern: EVIL } }, properties: { x: { $ref: '#/$defs/e' } } },
		{ x: LONG },
	],
	[
		'an unknown keyword',
		{ z: { e: { pattern: EVIL } }, properties: { x: { $ref: '#/z/e' } } },
		{ x: LONG },
	],
	['a property called const', { properties: { const: { pattern: EVIL } } }, { const: LONG }],
	[
		'a dependency called enum',
		{ dependencies: { enum: { properties: { x: { pattern: EVIL } } } } },
		{ enum: 1, x: LONG },
	],
	['an element', { properties: { x: { items: { pattern: EVIL } } } }, { x: [LONG] }],
	['all of several', { properties: { x: { allOf: [{ pattern: EVIL }] } } }, { x: LONG }],
	['a condition', { properties: { x: { if: {}, then: { pattern: EVIL } } } }, { x: LONG }],
	['additional properties', { additionalProperties: { pattern: EVIL } }, { x: LONG }],
];

describe('a tool’s schema from a remote server', () => {
	it.each(PLACES)('has its patterns held against linearly: in %s', (_where, schema, given) => {
		expect(schemaFault(schema, given)).toBeDefined();
	});

	it.each(DRAFTS)('takes and refuses what its patterns do, in the draft %s', (name) => {
		const schema = {
			...draft(name),
			properties: { day: { type: 'string', pattern: '^\\d{4}-\\d{2}$' }, more: { pattern: 'b' } },
			patternProperties: { '^x-': { type: 'number' } },
			additionalProperties: false,
		};
		expect(schemaFault(schema, { day: '2026-11', 'x-a': 1, more: 5 })).toBeUndefined();
		expect(schemaFault(schema, { day: '2026-1' })).toBe(
			'"arguments/day" must match the pattern ^\\d{4}-\\d{2}$',
		);
		expect(schemaFault(schema, { more: 'abc' })).toBeUndefined();
		expect(schemaFault(schema, { more: 'acc' })).toContain('must match the pattern b');
		expect(schemaFault(schema, { 'x-a': 'one' })).toBe('"arguments/x-a" must be a number');
		expect(schemaFault(schema, { other: 1 })).toBe('"arguments/other" is not allowed');
	});

	it('is not checked for patterns that only JavaScript knows', () => {
		const patterns = { properties: { x: { pattern: '^(?=a)(?<y>.)\\k<y>$' } } };
		expect(schemaFault(patterns, { x: 'z' })).toBeUndefined();
		const names = { patternProperties: { '(?=a)a': {} }, additionalProperties: false };
		expect(schemaFault(names, { a: 1 })).toBeUndefined();
	});

	it.each<[string, JsonObject, JsonObject]>([
		[
			'references that double it at each level',
			{
				$ref: '#/$defs/l0',
				$defs: Object.fromEntries(
					Array.from({ length: 60 }, (_, at) => {
						const next = { $ref: `#/$defs/l${at + 1}` };
						return [`l${at}`, { allOf: at === 59 ? [] : [next, next] }];
					}),
				),
			},
			{},
		],
		['a circle', { $ref: '#' }, {}],
		[
			'very many patterns',
			{
				allOf: Array.from({ length: 5_000 }, (_, at) => ({
					properties: { x: { pattern: `(a{0,500}){2}${at}$` } },
				})),
			},
			{ x: 'a'.repeat(10_000) },
		],
		[
			'very many properties by patterns',
			{
				patternProperties: Object.fromEntries(
					Array.from({ length: 500 }, (_, at) => [`^.{${at % 9}}`, { allOf: [{}, {}, {}] }]),
				),
			},
			Object.fromEntries(Array.from({ length: 1_500 }, (_, at) => [`key number ${at}`, at])),
		],
		['very many parts', { anyOf: Array.from({ length: 200_000 }, () => ({ type: 'array' })) }, {}],
	])('ends soon, whatever is in it: %s', (_what, schema, given) => {
		const ordinary = { allOf: Array.from({ length: 10_000 }, () => ({ type: 'object' })) };
		const usual = cpuMs(() => schemaFault(ordinary, given));
		expect(cpuMs(() => schemaFault(schema, given))).toBeLessThan(30 * Math.max(usual, 20));
	});
	/** Each look at a schema costs what the call and the schema list. */
	it.each<[string, (n: number) => object, (n: number) => JsonObject]>([
		['many keys in the call', () => ({ type: 'string' }), (n) => keys(n)],
		['many choices', (n) => ({ enum: Object.keys(keys(n)) }), () => ({ a: 1 })],
		['many required names', (n) => ({ required: Object.keys(keys(n)) }), () => ({ a: 1 })],
		['many properties', (n) => ({ properties: keys(n), type: 'string' }), () => ({ a: 1 })],
	])('costs what its size is where references double: %s', (_what, part, given) => {
		const make = (n: number) => ({
			schema: {
				allOf: Array.from({ length: n }, () => ({ $ref: '#/$defs/D0' })),
				$defs: {
					...Object.fromEntries(
						Array.from({ length: 4 }, (_, at) => [
							`D${at}`,
							{ allOf: [{ $ref: `#/$defs/D${at + 1}` }, { $ref: `#/$defs/D${at + 1}` }] },
						]),
					),
					D4: part(n),
				},
			} as unknown as JsonObject,
			given: given(n),
		});
		const growth = growthOf(150, make, (made) => schemaFault(made.schema, made.given));
		expect(growth).toBeLessThan(MAX_GROWTH);
	});
});

function keys(count: number): JsonObject {
	return Object.fromEntries(Array.from({ length: count }, (_, at) => [`key ${at}`, true]));
}
