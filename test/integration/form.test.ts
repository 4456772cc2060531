import fc from 'fast-check';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { fileInput, runForm, runModel, startWorld, type World } from './world';

/** Real models' schemas, run from what a builder fills into the form. */
describe.each(['filesystem', 'default'] as const)(
	'a model run from its form, with binary data in %s mode',
	(mode) => {
		let world: World;
		let item: INodeExecutionData;

		beforeAll(async () => {
			world = await startWorld(mode);
			const file = async (bytes: number, name: string, type: string) =>
				await world.engine.keep(Buffer.alloc(bytes, name), name, type);
			item = {
				json: { subject: 'a red fox' },
				binary: {
					photo: await file(2_000, 'photo.png', 'image/png'),
					mask: await file(1_000, 'mask.png', 'image/png'),
					voice: await file(1_500_000, 'voice.wav', 'audio/wav'),
				},
			};
		});
		afterAll(async () => await world.stop());

		const run = async (parameters: INodeParameters) => {
			const { items, error } = await world.run({ parameters }, [item]);
			expect(error).toBeUndefined();
			const prediction = world.sandbox.predictions.all.at(-1)!;
			return { ...items[0]!, sent: prediction.input };
		};

		it('a field that is labelled (JSON): what is typed is JSON', async () => {
			const properties = { size: {}, label: {}, count: { type: ['integer', 'string'] } };
			const schema = { components: { schemas: { Input: { properties } } } };
			const latest = { id: 'a', openapi_schema: schema };
			const model = { owner: 'sandbox', name: 'tokens', is_official: true, latest_version: latest };
			const body = JSON.stringify(model);
			const { faults } = world.sandbox;
			faults.plan('GET', /models\/sandbox\/tokens$/, { kind: 'answer', status: 200, body });
			await world.run(
				{
					parameters: runForm('sandbox/tokens', { size: '640', label: '"640"', count: '2' }),
					onError: 'continueRegularOutput',
				},
				[item],
			);
			const sent = world.sandbox.requests.findLast(({ method }) => method === 'POST');
			expect(JSON.parse(sent!.body!)).toMatchObject({
				input: { size: 640, label: '640', count: 2 },
			});
		});

		it('flux: text, limits, a choice, and two files', async () => {
			const { json, binary, sent } = await run(
				runForm('black-forest-labs/flux-fill-pro', {
					prompt: '={{ $json.subject }} in the snow',
					image: 'photo',
					mask: 'mask',
					steps: '28',
					guidance: 4.5,
					output_format: 'png',
					prompt_upsampling: false,
					outpaint: '',
					seed: null,
				}),
			);
			expect(sent).toEqual({
				prompt: 'a red fox in the snow',
				image: expect.stringMatching(/^data:image\/png;base64,/),
				mask: expect.stringMatching(/^data:image\/png;base64,/),
				steps: 28,
				guidance: 4.5,
				output_format: 'png',
				prompt_upsampling: false,
			});
			expect(json).toMatchObject({ version: null, status: 'succeeded' });
			expect(binary!.data).toMatchObject({ mimeType: 'image/jpeg' });
		});

		it('an upscaler: one file and a number', async () => {
			const { json, binary, sent } = await run(
				runForm('nightmareai/real-esrgan', { image: 'photo', scale: 4, face_enhance: true }),
			);
			expect(sent).toMatchObject({ scale: 4, face_enhance: true });
			const fileName = `real-esrgan-${String(json.id)}.png`;
			expect(binary!.data).toMatchObject({ fileName, mimeType: 'image/png' });
		});

		it('speech: an upload, and a choice of languages', async () => {
			const { binary, sent } = await run(
				runForm('lucataco/xtts-v2', { text: 'Good morning', speaker: 'voice', language: 'de' }),
			);
			expect(sent).toEqual({
				text: 'Good morning',
				speaker: expect.stringContaining(`${world.sandbox.baseUrl}/files/`),
				language: 'de',
			});
			expect(binary!.data!.mimeType).toMatch(/^audio\/(?:x-)?wav|wave$/);
		});

		it('video: a first frame out of "File Inputs"', async () => {
			const { binary, sent } = await run(
				runForm(
					'minimax/video-01',
					{ prompt: 'it begins to snow', prompt_optimizer: true },
					fileInput('first_frame_image', 'photo'),
				),
			);
			expect(sent).toMatchObject({ prompt: 'it begins to snow', prompt_optimizer: true });
			expect(sent.first_frame_image).toMatch(/^data:image\/png/);
			expect(binary!.data).toMatchObject({ mimeType: 'video/mp4' });
		});

		it('a language model that sees: tokens become text', async () => {
			const { json, binary, sent } = await run(
				runForm('yorickvp/llava-13b', {
					prompt: 'What is this?',
					image: 'photo',
					max_tokens: '100',
					temperature: 0.2,
				}),
			);
			expect(sent).toMatchObject({ prompt: 'What is this?', max_tokens: 100, temperature: 0.2 });
			expect(json.text).toMatch(/^Yes, you are allowed to swim/);
			expect(binary).toBeUndefined();
		});

		it('a list of files: several fields of the item in one slot', async () => {
			const { sent } = await run(runForm('firtoz/trellis', { images: 'photo, mask' }));
			expect(sent.images).toHaveLength(2);
			const one = await run(runForm('firtoz/trellis', { images: 'photo' }));
			expect(one.sent.images).toHaveLength(1);
		});

		it('leaves out what another model’s form has left behind', async () => {
			const { sent } = await run(
				runForm('nightmareai/real-esrgan', { image: 'photo', go_fast: true, prompt: 'x' }),
			);
			expect(Object.keys(sent)).toEqual(['image']);
		});

		it('sends numbers beyond 2^53 with all their digits, from the form and from JSON', async () => {
			const seed = '18446744073709551557';
			const bodies = () => world.sandbox.requests.map(({ body }) => body).filter(Boolean);
			await run(runForm('konieshadow/fooocus-api', { prompt: 'forest elf', image_seed: seed }));
			expect(bodies().at(-1)).toContain(`"image_seed":${seed}`);
			await run(
				runModel('konieshadow/fooocus-api', { inputJson: `{"prompt":"x","image_seed":${seed}}` }),
			);
			expect(bodies().at(-1)).toContain(`"image_seed":${seed}`);
		});
	},
);

describe('values that a model does not take', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(async () => await world.stop());

	const flux = 'black-forest-labs/flux-schnell';
	const posts = () => world.sandbox.requests.filter(({ method }) => method === 'POST');

	it.each([
		[{ prompt: 'x', num_outputs: 5 }, 'The input "num_outputs" must be from 1 to 4, and is 5'],
		[{ prompt: 'x', megapixels: '4' }, 'The input "megapixels" must be one of 1, 0.25, and is "4"'],
		[{ prompt: 'x', seed: 1.5 }, 'The input "seed" must be a whole number, and is 1.5'],
		[{ num_outputs: 1 }, 'The input "prompt" is required'],
	])('are refused before anything is sent: %j', async (value, message) => {
		const before = posts().length;
		const { error } = await world.run({ parameters: runForm(flux, value) });
		expect(error!.message).toBe(`${message} [item 0]`);
		const json = runModel(flux, { inputJson: JSON.stringify(value) });
		expect((await world.run({ parameters: json })).error!.message).toBe(`${message} [item 0]`);
		expect(posts()).toHaveLength(before);
	});

	it('cost no other item when the node continues', async () => {
		const { items } = await world.run(
			{
				parameters: runForm(flux, { prompt: 'x', num_outputs: '={{ $json.count }}' }),
				onError: 'continueRegularOutput',
			},
			[{ json: { count: 1 } }, { json: { count: 99 } }, { json: { count: 2 } }],
		);
		expect(items.map(({ json }) => json.status ?? json.error)).toEqual([
			'succeeded',
			'The input "num_outputs" must be from 1 to 4, and is 99 [item 1]',
			'succeeded',
		]);
	});

	it('never reach the network, whatever number it is', async () => {
		const given = fc.sample(fc.oneof(fc.integer(), fc.double(), fc.integer().map(String)), 200);
		const isTaken = (value: unknown) =>
			Number.isInteger(Number(value)) && Number(value) >= 1 && Number(value) <= 4;
		const items = given.map((value) => ({ json: { value } as never }));
		const before = posts().length;
		const { items: results } = await world.run(
			{
				parameters: runForm(flux, { prompt: 'x', num_outputs: '={{ $json.value }}' }),
				onError: 'continueRegularOutput',
			},
			items,
		);
		expect(results).toHaveLength(given.length);
		expect(posts().length - before).toBe(given.filter(isTaken).length);
	});

	it('reads a model once for many items', async () => {
		const reads = () => world.sandbox.requests.filter(({ path }) => path.endsWith('/sandbox/slow'));
		const before = reads().length;
		await world.run(
			{ parameters: runForm('sandbox/slow', { seconds: 0, label: '={{ $json.n }}' }) },
			[{ json: { n: 'a' } }, { json: { n: 'b' } }, { json: { n: 'c' } }],
		);
		expect(reads().length - before).toBe(1);
	});

	it('get a warning where Replicate would ignore them: a name with a typo', async () => {
		const { items, run } = await world.run({
			parameters: runModel('sandbox/tokens', { inputJson: '{"prompt":"hi","maxTokens":5}' }),
		});
		const warning =
			'The model has no input "maxTokens", and Replicate ignores it. Did you mean "max_tokens"?';
		expect(items[0]!.json).toMatchObject({ text: 'hi', warnings: [warning] });
		expect(run.data.resultData.runData.Replicate![0]!.hints).toEqual([
			{ message: warning, type: 'warning', location: 'outputPane' },
		]);
	});
});

describe('additional inputs', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(async () => await world.stop());

	const sent = async (form: object, json: unknown, item = {}) => {
		const parameters = runForm('sandbox/tokens', form, { inputJson: json as string });
		const { error } = await world.run({ parameters }, [{ json: item }]);
		expect(error).toBeUndefined();
		return world.sandbox.predictions.all.at(-1)!.input;
	};

	it('are merged over the form, and win', async () => {
		const form = { prompt: 'of the form', max_tokens: 5 };
		expect(await sent(form, '{"prompt":"of the JSON"}')).toEqual({
			prompt: 'of the JSON',
			max_tokens: 5,
		});
		expect(await sent(form, '')).toEqual(form);
	});

	it('take an input of the form away with null, and leave it where an expression gives nothing', async () => {
		const form = { prompt: 'of the form', max_tokens: 5 };
		expect(await sent(form, '{"max_tokens":null}')).toEqual({ prompt: 'of the form' });
		expect(await sent(form, '={{ { prompt: $json.missing } }}')).toEqual(form);
	});

	it('are all there is where an expression chooses the model', async () => {
		const parameters = runModel('={{ $json.model }}', { inputJson: '{"prompt":"hi"}' });
		const { items } = await world.run({ parameters }, [{ json: { model: 'sandbox/tokens' } }]);
		expect(items[0]!.json.text).toBe('hi');
	});
});

describe('the only file of an item', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(async () => await world.stop());

	const image = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');

	it('goes to the only file that the model needs, from form and JSON', async () => {
		const item = await world.fileItem(image, 'a.svg', 'image/svg+xml');
		for (const parameters of [
			runForm('sandbox/thumbnail', { width: 5 }),
			runModel('sandbox/thumbnail', { inputJson: '{"width":5}' }),
		]) {
			const { items, error } = await world.run({ parameters }, [item]);
			expect(error).toBeUndefined();
			expect(items[0]!.binary!.data).toMatchObject({ mimeType: 'image/webp' });
		}
	});

	it('is not guessed among several', async () => {
		const item = await world.fileItem(image, 'a.svg', 'image/svg+xml');
		item.binary!.other = item.binary!.data!;
		const { error } = await world.run({ parameters: runForm('sandbox/thumbnail', {}) }, [item]);
		expect(error).toMatchObject({
			message: 'The input "image" is required [item 0]',
			description:
				'Give "image" the name of a binary field, or a URL that starts with https://. The item’s binary fields: data, other.',
		});
	});

	it('is not sent to an input that needs none', async () => {
		const item = await world.fileItem(image, 'a.svg', 'image/svg+xml');
		const { items } = await world.run(
			{ parameters: runForm('minimax/video-01', { prompt: 'x' }) },
			[item],
		);
		expect(items).toHaveLength(1);
		expect(world.sandbox.predictions.all.at(-1)!.input).toEqual({ prompt: 'x' });
	});
});

describe('a deployment', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld();
	});
	afterAll(async () => await world.stop());

	const deployment = (value: string, more: INodeParameters = {}) => ({
		target: 'deployment',
		deployment: { __rl: true, mode: 'name', value },
		...more,
	});

	it('runs, with the inputs of the model that it runs', async () => {
		const { inputFields } = runForm('', { width: '7', prompt: 'stale' });
		const item = await world.fileItem(
			Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
			'a.svg',
			'image/svg+xml',
		);
		const { items, error } = await world.run(
			{ parameters: deployment('sandbox/my-thumbnail', { inputFields }) },
			[item],
		);
		expect(error).toBeUndefined();
		expect(items[0]!.json).toMatchObject({ status: 'succeeded', model: 'sandbox/thumbnail' });
		const { path } = world.sandbox.requests.findLast(({ method }) => method === 'POST')!;
		expect(path).toBe('/v1/deployments/sandbox/my-thumbnail/predictions');
		expect(world.sandbox.predictions.all.at(-1)!.input).toMatchObject({ width: 7 });
	});

	it('is found again when the answer to its create is lost', async () => {
		const { inputFields } = runForm('', { prompt: 'once' });
		world.sandbox.faults.plan('POST', /my-tokens\/predictions$/, { kind: 'cutAfter' });
		const before = world.sandbox.predictions.all.length;
		const { items } = await world.run({
			parameters: deployment('sandbox/my-tokens', { inputFields }),
		});
		expect(items[0]!.json).toMatchObject({ text: 'once' });
		expect(world.sandbox.predictions.all).toHaveLength(before + 1);
	});

	it('that is not there is named', async () => {
		const { error } = await world.run({ parameters: deployment('sandbox/nothing') });
		expect(error!.message).toBe(
			'Replicate could not find the deployment "sandbox/nothing" [item 0]',
		);
	});
});
