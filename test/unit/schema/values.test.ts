import fc from 'fast-check';
import { modelInputs, type ModelInput } from '../../../nodes/shared/schema/modelInputs';
import {
	assertComplete,
	nearest,
	typedInput,
	unknownNames,
} from '../../../nodes/shared/schema/values';
import { wordsThrownBy } from '../errorWords';

function inputs(properties: Record<string, object>, required: string[] = []): ModelInput[] {
	return modelInputs({ components: { schemas: { Input: { properties, required } } } } as never)!;
}

describe('typedInput', () => {
	const typed = (schema: object, value: unknown) => typedInput(inputs({ x: schema }), { x: value });

	it('says of bytes that they are no text', () => {
		const bytes = { type: 'Buffer', data: [255, 254] };
		expect(() => typed({ type: 'string' }, bytes)).toThrow(/ must be text, and is /);
	});

	it.each([
		[{ type: 'integer' }, '42', 42],
		[{ type: 'integer' }, 42, 42],
		[{ type: 'integer' }, ' -7 ', -7],
		[{ type: 'integer' }, '50403806253646857', 50403806253646857n],
		[{ type: 'integer' }, '+50403806253646857', 50403806253646857n],
		[{ type: 'integer' }, '-50403806253646857', -50403806253646857n],
		[{ type: 'integer' }, 5n, 5n],
		[{ type: 'integer', minimum: 1, maximum: 50 }, '+1', 1],
		[{ type: 'integer', minimum: 1, maximum: 50 }, 50, 50],
		[{ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }, 0.5, 0.5],
		[{ type: 'number' }, '0.5', 0.5],
		[{ type: 'number' }, ' -12.25 ', -12.25],
		[{ type: 'number' }, '+.75', 0.75],
		[{ type: 'number' }, '12.', 12],
		[{ type: 'number' }, '1.5E10', 1.5e10],
		[{ type: 'number' }, '2e+12', 2e12],
		[{ type: 'number' }, '1e-3', 0.001],
		[{ type: 'boolean' }, 'true', true],
		[{ type: 'boolean' }, 0, false],
		[{ type: 'boolean' }, ' FALSE ', false],
		[{ type: 'boolean' }, '1', true],
		[{ type: 'boolean' }, true, true],
		[{ type: 'string' }, 12, '12'],
		[{ type: 'string' }, { a: 1 }, '{"a":1}'],
		[{ type: 'string' }, '', ''],
		[{ type: 'string', minLength: 2, maxLength: 3 }, 'ab', 'ab'],
		[{ type: 'string', minLength: 2, maxLength: 3 }, '🦊🦊🦊', '🦊🦊🦊'],
		[{ enum: [512, 1024] }, '512', 512],
		[{ enum: ['512', '1024'] }, 512, '512'],
		[{ enum: ['512', 512] }, 512, 512],
		[{ enum: ['a', ' b'] }, ' a ', 'a'],
		[{ enum: ['a', ' b'] }, ' b', ' b'],
		[{ type: 'array', items: { type: 'number' } }, '[1, "2"]', [1, 2]],
		[{ type: 'array', items: { type: 'string' } }, 'one', ['one']],
		[{ type: 'array', items: { type: 'string' } }, ['a', 'b'], ['a', 'b']],
		[{ type: 'array', items: { type: 'integer' } }, 7, [7]],
		[{ type: 'array', items: { type: 'integer' } }, '7', [7]],
		[{ type: 'array' }, '[1,"a"]', [1, 'a']],
		[{ type: 'object' }, '{"a":{"b":1}}', { a: { b: 1 } }],
		[{ type: 'object' }, { a: 1 }, { a: 1 }],
		[{ anyOf: [{ type: 'string' }, { type: 'array' }] }, 'plain', 'plain'],
		[{ anyOf: [{ type: 'string' }, { type: 'array' }] }, '["a"]', ['a']],
		[{}, '{"a":1}', { a: 1 }],
		[{}, '12', '12'],
		[{}, 'null', 'null'],
		[{}, '', ''],
		[{}, [1], [1]],
		[{}, 12, 12],
		[{ type: ['number', 'object'] }, '12', 12],
		[{ type: ['number', 'object'] }, '12345678901234567890', 12345678901234567890n],
		[{ type: ['boolean', 'string'] }, 'true', true],
		[{ type: ['boolean', 'string'] }, '[1]', '[1]'],
		[{ type: ['integer', 'string'] }, '640', 640],
		[{ type: ['integer', 'string'] }, '640.5', '640.5'],
		[{ type: ['integer', 'string'] }, '"640"', '640'],
		[{ type: ['integer', 'object'] }, '12345678901234567890', 12345678901234567890n],
		[{ type: ['object', 'string'] }, 'null', 'null'],
		// A default that is none of its own choices is what the model's author wrote.
		[{ enum: ['32', '64'], default: 48 }, 48, 48],
		[{ enum: ['32', '64'], default: 48 }, 64, '64'],
		[{ type: 'string', format: 'uri' }, 'data', 'data'],
		[{ type: 'array', items: { type: 'string', format: 'uri' } }, 'a,b', 'a,b'],
	])('makes of %j and %j: %j', (schema, value, expected) => {
		expect(typed(schema, value)).toEqual({ x: expected });
	});

	it.each([
		[{}, '640', 640],
		[{}, '"640"', '640'],
		[{}, 'true', true],
		[{}, '640x640', '640x640'],
		[{}, '{"a":1}', { a: 1 }],
		[{ type: ['integer', 'string'] }, '640', 640],
		[{ type: 'string' }, '640', '640'],
	])('makes of %j and %j in a form: %j', (schema, value, expected) => {
		expect(typedInput(inputs({ x: schema }), { x: value }, true)).toEqual({ x: expected });
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
		[{ type: 'number', exclusiveMinimum: 0 }, 0, 'must be more than 0, and is 0'],
		[{ type: 'number', exclusiveMinimum: 0 }, -1, 'must be more than 0, and is -1'],
		[{ type: 'number', minimum: 0 }, -0.1, 'must be at least 0, and is -0.1'],
		[{ type: 'number', exclusiveMaximum: 1 }, 1, 'must be less than 1, and is 1'],
		[{ type: 'integer' }, 1.5, 'must be a whole number, and is 1.5'],
		[{ type: 'number' }, 'many', 'must be a number, and is "many"'],
		[{ type: 'number' }, '0x10', 'must be a number, and is "0x10"'],
		[{ type: 'number' }, true, 'must be a number, and is true'],
		[{ type: 'boolean' }, 'maybe', 'must be true or false, and is "maybe"'],
		[{ enum: ['webp', 'png'] }, 'gif', 'must be one of webp, png, and is "gif"'],
		[{ type: 'number' }, 'e5', 'must be a number, and is "e5"'],
		[{ type: 'number' }, '1e', 'must be a number, and is "1e"'],
		[{ type: 'number' }, '1.5.5', 'must be a number, and is "1.5.5"'],
		[{ type: 'number' }, '.', 'must be a number, and is "."'],
		[{ type: 'number' }, 'x5', 'must be a number, and is "x5"'],
		[{ type: 'number' }, '1e999', 'must be a number, and is "1e999"'],
		[{ type: 'number' }, Infinity, 'must be a number, and is Infinity'],
		[{ type: 'boolean' }, 2, 'must be true or false, and is 2'],
		[{ enum: ['webp'], default: 'x' }, 'y', 'must be one of webp, and is "y"'],
		[
			{ enum: Array.from({ length: 22 }, (_, n) => `v${n}`) },
			'nothing like it',
			'v18, v19 and 2 more, and is "nothing like it"',
		],
		[
			{ enum: Array.from({ length: 20 }, (_, n) => `v${n}`) },
			'nothing like it',
			'v18, v19, and is "nothing like it"',
		],
		[{ type: 'object' }, '[1]', 'must be a JSON object, and is "[1]"'],
		[{ type: 'object' }, 'null', 'must be a JSON object, and is "null"'],
		[{ type: 'object' }, '5', 'must be a JSON object, and is "5"'],
		[{ type: 'object' }, '{', 'must be a JSON object, and is "{"'],
		[{ type: ['array', 'object'] }, 'text', 'must be JSON (array or object), and is "text"'],
		[{ type: ['array', 'object'] }, 'null', 'must be JSON (array or object), and is "null"'],
		[{ type: 'string', maxLength: 3 }, 'four', 'must have at most 3 characters, and has 4'],
		[{ type: 'string', minLength: 3 }, 'a', 'must have at least 3 characters, and has 1'],
		[
			{ type: 'string', minLength: 3, maxLength: 4 },
			'abcde',
			'must have at least 3 and at most 4 characters, and has 5',
		],
		[
			{ type: 'array', items: { type: 'integer', maximum: 18 } },
			[3, 19],
			', element 2, must be at most 18, and is 19',
		],
	])('refuses for %j the value %j', (schema, value, message) => {
		expect(() => typed(schema, value)).toThrow(new RegExp(`^The input "x".*${escaped(message)}$`));
	});

	it.each([
		[{ type: 'integer', minimum: 1, maximum: 5 }, 'many', 'Allowed: 1 to 5.'],
		[{ type: 'integer' }, 'many', undefined],
		[{ type: 'object' }, '5', 'Write it like { "key": "value" }.'],
		[
			{ type: ['array', 'object'] },
			'text',
			'Write a list like ["one", "two"] and an object like { "key": "value" }.',
		],
		[{ enum: ['webp'] }, 5, undefined],
	])('says of %j and %j what to write: %s', (schema, value, description) => {
		expect(wordsThrownBy(() => typed(schema, value)).description).toBe(description);
	});

	it('passes on names that the model does not know, and leaves no null among them', () => {
		const given = { odd: { a: 1 }, empty: '', none: null, nothing: undefined };
		expect(typedInput([], given)).toEqual({ odd: { a: 1 }, empty: '' });
	});

	it('never shows a secret', () => {
		const secret = { type: 'string', format: 'password', maxLength: 3 };
		expect(() => typed(secret, 'hunter2')).toThrow(/^(?!.*hunter2)/);
	});

	it('names the nearest choice', () => {
		const words = wordsThrownBy(() => typed({ enum: ['16:9', 'portrait'] }, 'potrait'));
		expect(words.description).toBe('Did you mean "portrait"?');
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

	it('says what to do, for a file and for anything else', () => {
		const toDo = (given: object, files: string[]) =>
			wordsThrownBy(() => assertComplete(model, given as never, [], files)).description;
		expect(toDo({}, [])).toBe(
			'Fill them in, or check that the expression gives a value for this item.',
		);
		const file = 'Give "image" the name of a binary field, or a URL that starts with https://.';
		expect(toDo({ prompt: 'a' }, [])).toBe(`${file} The item carries no files.`);
		expect(toDo({ prompt: 'a' }, ['a', 'b'])).toBe(`${file} The item’s binary fields: a, b.`);
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
		expect(nearest('sede', ['seed'])).toBe('seed');
		expect(nearest('sxxxd', ['seed'])).toBeUndefined();
		expect(nearest('top2', ['top_k2', 'top_p1', 'TOP-2'])).toBe('TOP-2');
		expect(nearest('a', ['seed'])).toBeUndefined();
		expect(nearest('x'.repeat(100_000), ['x'.repeat(100_000)])).toBeUndefined();
	});
});

function escaped(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
