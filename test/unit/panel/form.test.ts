import { modelForm } from '../../../nodes/Replicate/panel/form';
import { modelInputs } from '../../../nodes/shared/schema/modelInputs';

const properties = {
	image: {
		type: 'string',
		format: 'uri',
		title: 'Image',
		'x-order': 0,
	},
	prompt: { type: 'string', title: 'Prompt', 'x-order': 1 },
	negative_prompt: { type: 'string', title: 'Negative Prompt', default: 'ugly', 'x-order': 2 },
	steps: { type: 'integer', title: 'Steps', minimum: 1, maximum: 50, default: 20, 'x-order': 3 },
	seed: { type: 'integer', title: 'Seed', maximum: 2 ** 64, default: 0, 'x-order': 4 },
	style: { enum: ['photo', 'anime'], title: 'Style', 'x-order': 5 },
	loras: { type: 'array', items: { type: 'string' }, title: 'Loras', 'x-order': 6 },
	token: { type: 'string', format: 'password', title: 'Token', 'x-order': 7 },
	old: { type: 'boolean', title: 'Old', deprecated: true, default: true, 'x-order': 8 },
};

function formOf(required: string[], example?: Record<string, never | unknown>) {
	const document = { components: { schemas: { Input: { properties, required } } } };
	return modelForm(modelInputs(document)!, example as never);
}

describe('modelForm', () => {
	const shown = (...form: Parameters<typeof formOf>) =>
		formOf(...form)
			.filter(({ removed }) => !removed)
			.map(({ id }) => id);

	it('shows at first what is needed, files and the prompt', () => {
		expect(shown([])).toEqual(['image', 'prompt']);
		expect(shown(['steps'])).toEqual(['image', 'prompt', 'steps']);
	});

	it('shows what the example sets otherwise than the default', () => {
		expect(shown([], { steps: 20, negative_prompt: 'blurry', seed: null, token: '' })).toEqual([
			'image',
			'prompt',
			'negative_prompt',
		]);
	});

	it('leaves choices and lists without a value out until they are wanted: n8n refuses them empty', () => {
		expect(shown([], { style: 'photo', loras: ['a'] })).toEqual(['image', 'prompt']);
		expect(shown(['style'])).toContain('style');
	});

	describe('with the example filled in', () => {
		const document = { components: { schemas: { Input: { properties, required: ['prompt'] } } } };
		const filled = (example: object) =>
			Object.fromEntries(
				modelForm(modelInputs(document)!, example as never, { fills: true })
					.filter(({ removed }) => !removed)
					.map(({ id, defaultValue }) => [id, defaultValue]),
			);

		it('shows and holds what the example sets, of every kind', () => {
			expect(
				filled({
					image: 'https://replicate.delivery/a.png',
					prompt: 'a fox',
					steps: 30,
					style: 'anime',
					loras: ['a', 'b'],
				}),
			).toEqual({
				image: 'https://replicate.delivery/a.png',
				prompt: '=a fox',
				steps: 30,
				style: 'anime',
				loras: '["a","b"]',
			});
		});

		it.each<[string, object]>([
			['an expression', { prompt: '={{ $env.PATH }}' }],
			['a secret', { token: '[REDACTED]' }],
			['what is too long to read', { image: `data:image/png;base64,${'A'.repeat(5_000)}` }],
			['a choice that there is not', { style: 'oil' }],
			['a value of another kind', { steps: 'many' }],
			['nothing', { prompt: null, image: '' }],
		])('does not fill in %s', (_what, example) => {
			const { image, prompt, token, style, steps } = filled(example);
			expect([image, prompt, token, style, steps ?? 20]).toEqual([
				undefined,
				'=',
				undefined,
				undefined,
				20,
			]);
		});

		it('holds text with braces as it is, which n8n does not run', () => {
			expect(filled({ prompt: '{{ $env.PATH }}' }).prompt).toBe('{{ $env.PATH }}');
		});

		it('leaves the prompt to the agent whose tool the node is', () => {
			const [, prompt] = modelForm(
				modelInputs(document)!,
				{ prompt: 'a fox' },
				{
					forAgent: true,
					fills: true,
				},
			);
			expect(prompt!.defaultValue).toContain('$fromAI(');
		});
	});

	it('proposes nothing that n8n would run as an expression', () => {
		const evil = '={{ $env.PATH }}';
		const document = {
			components: {
				schemas: {
					Input: {
						properties: {
							text: { type: 'string', default: evil },
							either: { anyOf: [{ type: 'string' }, { type: 'integer' }], default: evil },
							choice: { enum: [evil, 'plain'], default: evil },
						},
					},
				},
			},
		};
		const fields = modelForm(modelInputs(document)!);
		expect(fields).toHaveLength(3);
		expect(fields.every((field) => field.defaultValue === undefined)).toBe(true);
		expect(fields[2]!.options).toEqual([{ name: 'plain', value: 'plain' }]);
	});

	it('is never empty', () => {
		const document = {
			components: {
				schemas: {
					Input: {
						properties: Object.fromEntries(
							[...'abcdefgh'].map((name) => [name, { type: 'number', default: 1 }]),
						),
					},
				},
			},
		};
		const form = modelForm(modelInputs(document)!);
		expect(form.filter(({ removed }) => !removed)).toHaveLength(5);
	});

	it('tells limits, kinds and what is required', () => {
		const labels = formOf(['image']).map(({ displayName }) => displayName);
		expect(labels).toEqual([
			'Image (required, file)',
			'Prompt',
			'Negative Prompt',
			'Steps (1–50)',
			'Seed (≤ 18446744073709552000)',
			'Style',
			'Loras (list)',
			'Token (secret)',
			'Old (deprecated)',
		]);
	});

	it('does not make n8n ask for a file that may be the item’s only one', () => {
		const [image, prompt] = formOf(['image', 'prompt']);
		expect(image).toMatchObject({ required: false, removed: false, type: 'string' });
		expect(prompt).toMatchObject({ required: true });
	});

	const fieldOf = (x: object, required: string[] = []) =>
		modelForm(
			modelInputs({ components: { schemas: { Input: { properties: { x }, required } } } })!,
		)[0]!;

	it.each([
		[{ type: 'string', default: 'a' }, 'string', 'a'],
		[{ type: 'string', default: '' }, 'string', undefined],
		[{ type: 'string', default: { a: 1 } }, 'string', '{"a":1}'],
		[{ type: 'number', default: 0.5 }, 'number', 0.5],
		[{ type: 'number', default: '0.5' }, 'number', undefined],
		[{ type: 'integer', default: 2 ** 60 }, 'string', '1152921504606846976'],
		[{ type: 'integer', maximum: 2 ** 60, default: '7' }, 'string', '7'],
		[{ type: 'boolean', default: false }, 'boolean', false],
		[{ type: 'boolean', default: 'true' }, 'boolean', undefined],
		[{ enum: ['a', 'b'], default: 'b' }, 'options', 'b'],
		[{ enum: [1, 2], default: '2' }, 'options', 2],
		[{ enum: ['a', 'b'], default: 'c' }, 'options', undefined],
		[{ enum: ['[object Object]'], default: {} }, 'options', undefined],
		[{ type: 'array', default: ['a'] }, 'array', '["a"]'],
		[{ type: 'array', default: 'a' }, 'array', undefined],
		[{ type: 'object', default: { a: 1 } }, 'object', '{"a":1}'],
		[{ type: 'object', default: [1] }, 'object', undefined],
		[{ type: 'object', default: 'a' }, 'object', undefined],
		[{ default: [1] }, 'string', '[1]'],
		[
			{ type: 'array', items: { type: 'string', format: 'uri' }, default: ['a'] },
			'string',
			undefined,
		],
		[{ type: 'array', items: { type: 'string', format: 'uri' }, default: 'a' }, 'string', 'a'],
		[{ type: 'string', format: 'uri', default: 'https://x' }, 'string', 'https://x'],
	])('of %j is a %s field with %j', (schema, type, value) => {
		const field = fieldOf(schema);
		expect(field.type).toBe(type);
		expect(field.defaultValue).toBe(value);
		expect('defaultValue' in field).toBe(value !== undefined);
		expect('options' in field).toBe('enum' in schema);
	});

	it.each([
		[{ type: 'number', minimum: 0, maximum: 1 }, 'X (0–1)'],
		[{ type: 'number', minimum: -1, maximum: 1 }, 'X (-1 to 1)'],
		[{ type: 'number', minimum: 0 }, 'X (≥ 0)'],
		[{ type: 'number', maximum: 0 }, 'X (≤ 0)'],
		[{ type: 'number', exclusiveMinimum: 0 }, 'X (> 0)'],
		[{ type: 'number', exclusiveMinimum: 0, maximum: 1 }, 'X (> 0, ≤ 1)'],
		[{ type: 'number', minimum: 0, exclusiveMaximum: 1 }, 'X (≥ 0, < 1)'],
		[{ type: 'number' }, 'X'],
		[{ type: 'string', maxLength: 10 }, 'X (≤ 10 characters)'],
	])('labels %j as %s', (schema, words) => {
		expect(fieldOf(schema).displayName).toBe(words);
		const required = words.includes('(')
			? words.replace('(', '(required, ')
			: `${words} (required)`;
		expect(fieldOf(schema, ['x']).displayName).toBe(required);
	});

	it('names an empty choice, and tells what a field is for', () => {
		const field = fieldOf({ enum: ['', 'a'], description: ' What it does ' });
		expect(field.options).toEqual([
			{ name: '(empty)', value: '' },
			{ name: 'a', value: 'a' },
		]);
		expect(field).toMatchObject({
			description: 'What it does',
			display: true,
			defaultMatch: false,
			required: false,
		});
		expect(fieldOf({ type: 'string' })).not.toHaveProperty('description');
	});

	it.each([
		['text', true],
		['system_prompt', true],
		['Prompt', true],
		['negative_prompt', false],
		['prompt_strength', false],
		['context', false],
		['my_prompt_text_x', false],
	])('shows a text named %s at first: %s', (name, isShown) => {
		const properties = { [name]: { type: 'string' }, other: { type: 'string', format: 'uri' } };
		const form = modelForm(modelInputs({ components: { schemas: { Input: { properties } } } })!);
		expect(!form.find(({ id }) => id === name)!.removed).toBe(isShown);
	});

	it('shows no number at first for its name, and nothing deprecated for its example', () => {
		const properties = {
			prompt: { type: 'integer' },
			old: { type: 'string', format: 'uri', deprecated: true },
			picture: { type: 'string', format: 'uri' },
		};
		const inputs = modelInputs({ components: { schemas: { Input: { properties } } } })!;
		const shownFirst = modelForm(inputs, { old: 'x' }).filter(({ removed }) => !removed);
		expect(shownFirst.map(({ id }) => id)).toEqual(['picture']);
	});

	it('shows what the example sets of choices and lists that have a default', () => {
		const properties = {
			picture: { type: 'string', format: 'uri' },
			size: { enum: ['s', 'l'], default: 's' },
			meta: { type: 'object' },
			count: { type: 'number' },
		};
		const inputs = modelInputs({ components: { schemas: { Input: { properties } } } })!;
		const form = modelForm(inputs, { size: 'l', meta: { a: 1 }, count: 3 });
		expect(form.filter(({ removed }) => !removed).map(({ id }) => id)).toEqual([
			'picture',
			'size',
			'count',
		]);
	});

	it('fills in defaults, as text where a number would lose digits', () => {
		const fields = Object.fromEntries(formOf([]).map((field) => [field.id, field]));
		expect(fields.steps).toMatchObject({ type: 'number', defaultValue: 20 });
		expect(fields.seed).toMatchObject({ type: 'string', defaultValue: '0' });
		expect(fields.token).not.toHaveProperty('defaultValue');
	});
});
