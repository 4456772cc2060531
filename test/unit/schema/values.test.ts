import fc from 'fast-check';
import { modelInputs, type ModelInput } from '../../../nodes/shared/schema/modelInputs';
import {
	assertComplete,
	nearest,
	typedInput,
	unknownNames,
} from '../../../nodes/shared/schema/values';

function inputs(properties: Record<string, object>, required: string[] = []): ModelInput[] {
	return modelInputs({ components: { schemas: { Input: { properties, required } } } } as never)!;
}

describe('typedInput', () => {
	const typed = (schema: object, value: unknown) => typedInput(inputs({ x: schema }), { x: value });

	it.each([
		[{ type: 'integer' }, '42', 42],
		[{ type: 'integer' }, 42, 42],
		[{ type: 'integer' }, ' -7 ', -7],
		[{ type: 'integer' }, '50403806253646857', 50403806253646857n],
		[{ type: 'number' }, '0.5', 0.5],
		[{ type: 'number' }, '1e-3', 0.001],
		[{ type: 'boolean' }, 'true', true],
		[{ type: 'boolean' }, 0, false],
		[{ type: 'string' }, 12, '12'],
		[{ type: 'string' }, { a: 1 }, '{"a":1}'],
		[{ type: 'string' }, '', ''],
		[{ enum: [512, 1024] }, '512', 512],
		[{ enum: ['512', '1024'] }, 512, '512'],
		[{ type: 'array', items: { type: 'number' } }, '[1, "2"]', [1, 2]],
		[{ type: 'array', items: { type: 'string' } }, 'one', ['one']],
		[{ type: 'array', items: { type: 'string' } }, ['a', 'b'], ['a', 'b']],
		[{ type: 'object' }, '{"a":{"b":1}}', { a: { b: 1 } }],
		[{ anyOf: [{ type: 'string' }, { type: 'array' }] }, 'plain', 'plain'],
		[{ anyOf: [{ type: 'string' }, { type: 'array' }] }, '["a"]', ['a']],
		[{}, '{"a":1}', { a: 1 }],
		[{}, '12', '12'],
		// A default that is none of its own choices is what the model's author wrote.
		[{ enum: ['32', '64'], default: 48 }, 48, 48],
		[{ type: 'string', format: 'uri' }, 'data', 'data'],
	])('makes of %j and %j: %j', (schema, value, expected) => {
		expect(typed(schema, value)).toEqual({ x: expected });
	});

	it.each([
		[{ type: 'integer' }, ''],
		[{ type: 'integer' }, null],
		[{ type: 'string' }, null],
		[{ type: 'integer', nullable: true }, null],
		[{ type: 'string', format: 'uri' }, ''],
		[{ enum: ['a'] }, ''],
		[{ type: 'boolean' }, undefined],
	])('leaves out, for %j, %j', (schema, value) => {
		expect(typed(schema, value)).toEqual({});
	});

	it('keeps a null that the schema itself lists', () => {
		expect(typed({ anyOf: [{ type: 'integer' }, { type: 'null' }] }, null)).toEqual({ x: null });
	});

	it.each([
		[{ type: 'integer', minimum: 1, maximum: 50 }, 51, 'must be from 1 to 50, and is 51'],
		[{ type: 'integer', minimum: 1, maximum: 50 }, '0', 'must be from 1 to 50, and is "0"'],
		[{ type: 'number', minimum: 0 }, -0.1, 'must be at least 0, and is -0.1'],
		[{ type: 'number', exclusiveMaximum: 1 }, 1, 'must be less than 1, and is 1'],
		[{ type: 'integer' }, 1.5, 'must be a whole number, and is 1.5'],
		[{ type: 'number' }, 'many', 'must be a number, and is "many"'],
		[{ type: 'number' }, '0x10', 'must be a number, and is "0x10"'],
		[{ type: 'number' }, true, 'must be a number, and is true'],
		[{ type: 'boolean' }, 'maybe', 'must be true or false, and is "maybe"'],
		[{ enum: ['webp', 'png'] }, 'gif', 'must be one of webp, png, and is "gif"'],
		[{ type: 'object' }, '[1]', 'must be a JSON object, and is "[1]"'],
		[{ type: 'string', maxLength: 3 }, 'four', 'must have at most 3 characters, and has 4'],
		[
			{ type: 'array', items: { type: 'integer', maximum: 18 } },
			[3, 19],
			', element 2, must be at most 18, and is 19',
		],
	])('refuses for %j the value %j', (schema, value, message) => {
		expect(() => typed(schema, value)).toThrow(new RegExp(`^The input "x".*${escaped(message)}$`));
	});

	it('never shows a secret', () => {
		const secret = { type: 'string', format: 'password', maxLength: 3 };
		expect(() => typed(secret, 'hunter2')).toThrow(/^(?!.*hunter2)/);
	});

	it('names the nearest choice', () => {
		expect(() => typed({ enum: ['16:9', 'portrait'] }, 'potrait')).toThrow(
			expect.objectContaining({ description: 'Did you mean "portrait"?' }),
		);
	});

	it('lets no number pass that is outside its limits', () => {
		const limits = fc.tuple(fc.integer(), fc.integer()).map((pair) => pair.sort((a, b) => a - b));
		const given = fc.oneof(fc.integer(), fc.double(), fc.bigInt(), fc.integer().map(String));
		fc.assert(
			fc.property(limits, given, ([minimum, maximum], value) => {
				const isInside = Number(value) >= minimum! && Number(value) <= maximum!;
				const pass = () => typed({ type: 'number', minimum, maximum }, value);
				if (isInside) expect(Number(pass().x)).toBe(Number(value));
				else expect(pass).toThrow(/^The input "x" must be/);
			}),
		);
	});
});

describe('assertComplete', () => {
	const model = inputs({ prompt: { type: 'string' }, image: { type: 'string', format: 'uri' } }, [
		'prompt',
		'image',
	]);

	it('names what is missing', () => {
		expect(() => assertComplete(model, { prompt: '' }, [], [])).toThrow(
			'The inputs "prompt", "image" are required',
		);
		expect(() => assertComplete(model, { prompt: 'a' }, [], [])).toThrow(
			'The input "image" is required',
		);
	});

	it('counts what files fill', () => {
		expect(() => assertComplete(model, { prompt: 'a' }, ['image'], [])).not.toThrow();
	});
});

describe('unknownNames', () => {
	const model = inputs({ num_outputs: {}, prompt: {}, guidance_scale: {} });

	it.each([
		['numOutputs', 'Did you mean "num_outputs"?'],
		['guidance', 'Its inputs: num_outputs, prompt, guidance_scale.'],
		['promt', 'Did you mean "prompt"?'],
	])('for %s', (name, hint) => {
		expect(unknownNames(model, { [name]: 1, prompt: '' })).toEqual([
			`The model has no input "${name}", and Replicate ignores it. ${hint}`,
		]);
	});

	it('names the nearest only if it is near', () => {
		expect(nearest('xyz', ['prompt', 'seed'])).toBeUndefined();
		expect(nearest('seeds', ['prompt', 'seed'])).toBe('seed');
	});
});

function escaped(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
