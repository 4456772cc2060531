import { z as z3 } from 'zod';
import * as z4 from 'zod/v4';
import {
	argumentsSchema,
	isForeignSchema,
	jsonSchemaOf,
} from '../../../nodes/shared/chat/toolSchema';

describe('the schema of a tool’s arguments', () => {
	it.each<[string, unknown, object]>([
		['nothing', undefined, { type: 'object', properties: {} }],
		['null', null, { type: 'object', properties: {} }],
		['a list', [], { type: 'object', properties: {} }],
		['an empty object', {}, { type: 'object', properties: {} }],
		['no properties', { type: 'object' }, { type: 'object', properties: {} }],
		[
			'no type',
			{ properties: { a: {} }, required: ['a'] },
			{ type: 'object', properties: { a: {} }, required: ['a'] },
		],
		['the insides of zod 3', z3.object({ a: z3.string() }), { type: 'object', properties: {} }],
	])('is an object with properties, out of %s', (_name, given, schema) => {
		expect(argumentsSchema(given)).toEqual(schema);
	});

	it.each([
		[
			'zod 3',
			z3.object({
				city: z3.string().describe('Where'),
				days: z3.number().int().min(1).optional(),
			}),
		],
		[
			'zod 4',
			z4.object({
				city: z4.string().describe('Where'),
				days: z4.number().int().min(1).optional(),
			}),
		],
	])('is converted where %s wrote it, whichever copy of it', async (_name, schema) => {
		expect(isForeignSchema(schema)).toBe(true);
		expect(await jsonSchemaOf(schema)).toMatchObject({
			type: 'object',
			properties: {
				city: { type: 'string', description: 'Where' },
				days: { type: 'integer', minimum: 1 },
			},
			required: ['city'],
		});
	});

	it('is asked of a library that can say it itself', async () => {
		const own = { type: 'object', properties: { a: { type: 'string' } } };
		const schema = { '~standard': { jsonSchema: { input: () => own } } };
		expect(isForeignSchema(schema)).toBe(true);
		expect(await jsonSchemaOf(schema)).toEqual(own);
	});

	it.each([[undefined], [{ type: 'object' }]])(
		'is left to n8n’s SDK where it knows it: %#',
		(schema) => expect(isForeignSchema(schema)).toBe(false),
	);
});
