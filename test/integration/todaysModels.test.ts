import type { INodeExecutionData, ResourceMapperField } from 'n8n-workflow';
import sharp from 'sharp';
import { runForm, runModel, startWorld, type World } from './world';

/** Models of 2025 and 2026, from the panel's form to the item that comes out. */
describe('models of today', () => {
	let world: World;
	let item: INodeExecutionData;

	beforeAll(async () => {
		world = await startWorld();
		const picture = async (background: string) => {
			const create = { width: 40, height: 20, channels: 3, background } as const;
			const bytes = await sharp({ create }).png().toBuffer();
			return await world.engine.keep(bytes, `${background}.png`, 'image/png');
		};
		item = { json: {}, binary: { red: await picture('red'), blue: await picture('blue') } };
	});
	afterAll(async () => await world.stop());

	const fieldsOf = async (model: string) => {
		const form = await world.inEditor<{ fields: ResourceMapperField[] }>(
			'resourceMapping.getModelInputs',
			runModel(model),
		);
		return form.fields;
	};
	const labelled = async (model: string) =>
		(await fieldsOf(model)).map(({ displayName, type }) => [displayName, type]);
	/** Runs a model with what its form shows at first, and these values on top. */
	const run = async (model: string, values: object, inputJson = '{}') => {
		const shown = (await fieldsOf(model)).filter(({ removed }) => !removed);
		const first = shown.map(({ id, defaultValue }) => [id, defaultValue ?? null]);
		const parameters = runForm(
			model,
			{ ...(Object.fromEntries(first) as object), ...values },
			{ inputJson },
		);
		const { items, error } = await world.run({ parameters }, [item]);
		expect(error).toBeUndefined();
		return { ...items[0]!, sent: world.sandbox.predictions.all.at(-1)!.input };
	};

	it('have forms without a field that says nothing', async () => {
		expect(await labelled('sandbox/unions')).toEqual([
			['Prompt', 'string'],
			['Image (file)', 'string'],
			['Images (files)', 'string'],
			['Reference (file or files)', 'string'],
			['Seed (≥ 0)', 'number'],
			['Style', 'options'],
			['Quality', 'options'],
			['Mode', 'options'],
			['Messages (list)', 'array'],
			['Camera (JSON)', 'object'],
			['Settings (JSON)', 'object'],
			['Tags (list)', 'array'],
			['Strength (JSON)', 'string'],
		]);
	});

	it.each<[string, object, string[]]>([
		['black-forest-labs/flux-kontext-pro', { prompt: 'a fox', input_image: 'red' }, ['image/png']],
		['google/nano-banana', { prompt: 'a fox', image_input: 'red, blue' }, ['image/jpeg']],
		[
			'bytedance/seedream-4',
			{ prompt: 'foxes', sequential_image_generation: 'auto', max_images: 2 },
			['image/jpeg', 'image/jpeg'],
		],
		[
			'openai/gpt-image-1',
			{ prompt: 'a fox', openai_api_key: 'sk', input_images: 'red' },
			['image/webp'],
		],
		['google/veo-3.1', { prompt: 'rain', reference_images: 'red,blue' }, ['video/mp4']],
		['kwaivgi/kling-v2.1', { prompt: 'rain', start_image: 'red' }, ['video/mp4']],
		['minimax/speech-02-hd', { text: 'Hello', emotion: 'happy' }, ['audio/mpeg']],
	])('%s: files come back', async (model, values, types) => {
		const { json, binary } = await run(model, values);
		expect(json.version).toBeNull();
		expect(Object.values(binary!).map(({ mimeType }) => mimeType)).toEqual(types);
	});

	it.each<[string, object]>([
		['openai/gpt-4o-mini', { messages: '[{ "role": "user", "content": "Hello" }]' }],
		['openai/gpt-5', { prompt: 'Hello' }],
		['anthropic/claude-4-sonnet', { prompt: 'Hello' }],
	])('%s: its tokens are text', async (model, values) => {
		expect((await run(model, values)).json.text).toBe('You said "Hello".');
	});

	it('take files, numbers and objects where a union allows them, and null out of JSON', async () => {
		const { sent } = await run(
			'sandbox/unions',
			{
				prompt: 'x',
				image: 'red',
				images: 'red, blue',
				reference: 'red, blue',
				seed: 7,
				style: 'photo',
				camera: '{ "zoom": 2 }',
				messages: '[{ "role": "user", "content": "Hello" }]',
			},
			'{ "strength": "strong" }',
		);
		expect(sent).toMatchObject({
			images: [expect.any(String), expect.any(String)],
			reference: [expect.any(String), expect.any(String)],
			seed: 7,
			style: 'photo',
			camera: { zoom: 2 },
			messages: [{ role: 'user', content: 'Hello' }],
			strength: 'strong',
		});
	});
});
