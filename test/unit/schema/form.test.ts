import { modelForm } from '../../../nodes/shared/schema/form';
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
			'Image (file, required)',
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

	it('fills in defaults, as text where a number would lose digits', () => {
		const fields = Object.fromEntries(formOf([]).map((field) => [field.id, field]));
		expect(fields.steps).toMatchObject({ type: 'number', defaultValue: 20 });
		expect(fields.seed).toMatchObject({ type: 'string', defaultValue: '0' });
		expect(fields.prompt).not.toHaveProperty('defaultValue');
	});
});
