import { createHash } from 'node:crypto';
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
			['Prompt (required)', 'string'],
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
			['Note', 'string'],
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
		[
			'kwaivgi/kling-v3-video',
			{ multi_prompt: '[{"prompt":"rain","duration":"1"},{"prompt":"sun","duration":2}]' },
			['video/mp4'],
		],
		['google/nano-banana-2', { prompt: 'foxes', image_input: 'red\nblue' }, ['image/jpeg']],
		[
			'bytedance/seedance-2.0',
			{ prompt: 'rain', reference_images: 'red, blue', reference_videos: '["red"]', duration: 4 },
			['video/mp4'],
		],
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

	it('sends files inside objects and lists of objects as it sends others', async () => {
		const picture = await world.engine.read(item.binary!.red!);
		const hash = createHash('sha256').update(picture).digest('hex');
		const { json, sent } = await run('sandbox/storyboard', {
			title: 'two scenes',
			cover: '{ "image": "red", "caption": "a fox" }',
			scenes:
				'[{ "prompt": "one", "seconds": "2", "images": "red, blue" }, { "prompt": "two", "images": ["red"] }]',
		});
		const data = expect.stringMatching(/^data:image\/png;base64,/) as string;
		expect(sent).toEqual({
			title: 'two scenes',
			cover: { image: data, caption: 'a fox' },
			scenes: [
				{ prompt: 'one', seconds: 2, images: [data, data] },
				{ prompt: 'two', images: [data] },
			],
		});
		expect(json.output).toMatchObject({
			cover: { image: hash },
			scenes: [{ images: [hash, expect.any(String)] }, { images: [hash] }],
		});
	});

	it.each<[string, string, object, string]>([
		[
			'a shot without its length',
			'kwaivgi/kling-v3-video',
			{ multi_prompt: '[{"prompt":"rain"}]' },
			'The input "multi_prompt", element 1, needs "duration", and is {"prompt":"rain"}',
		],
		[
			'a seventh shot',
			'kwaivgi/kling-v3-video',
			{ multi_prompt: JSON.stringify(Array(7).fill({ prompt: 'x', duration: 1 })) },
			'The input "multi_prompt" must have at most 6 elements, and has 7',
		],
		[
			'a fifteenth image',
			'google/nano-banana-2',
			{ prompt: 'x', image_input: Array(15).fill('red').join() },
			'The input "image_input" takes up to 14 files, and 15 were given',
		],
		[
			'a file that is not there inside an object',
			'sandbox/storyboard',
			{ scenes: '[{ "prompt": "one", "images": ["green"] }]' },
			'The input "scenes", element 1, "images" needs a file, and the item has no binary field "green"',
		],
		[
			'no scene',
			'sandbox/storyboard',
			{ scenes: '[]' },
			'The input "scenes" must have at least one element, and has 0',
		],
	])('refuse %s before it is paid for', async (_what, model, values, words) => {
		const before = world.sandbox.predictions.all.length;
		const { error } = await world.run({ parameters: runForm(model, values) }, [item]);
		expect(error!.message).toBe(`${words} [item 0]`);
		expect(world.sandbox.predictions.all).toHaveLength(before);
	});
});
