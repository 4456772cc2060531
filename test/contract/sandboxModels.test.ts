import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { models } from '../../dev/sandbox/models';
import { versionOf } from '../../dev/sandbox/models/model';
import { startSandbox, type Sandbox } from '../../dev/sandbox/server';
import { callsTo, type Json } from './calls';

/** Models of 2025 and 2026 by the names and shapes of public ones, and those that recipes name. */
describe('models of today in the sandbox', () => {
	let sandbox: Sandbox;
	let calls: ReturnType<typeof callsTo>;
	let photo: string;
	let photoBytes: Buffer;

	beforeAll(async () => {
		sandbox = await startSandbox({ bootMs: 0 });
		calls = callsTo(sandbox);
		const create = { width: 40, height: 20, channels: 3, background: 'white' } as const;
		const input = await sharp({
			create: { ...create, width: 10, height: 10, background: 'red' },
		})
			.png()
			.toBuffer();
		photoBytes = await sharp({ create }).composite([{ input }]).png().toBuffer();
		photo = `data:image/png;base64,${photoBytes.toString('base64')}`;
	});
	afterEach(() => sandbox.forget());
	afterAll(async () => await sandbox.stop());

	const filesOf = async (output: unknown) =>
		await Promise.all(
			[output].flat().map(async (url) => {
				const response = await fetch(String(url));
				const bytes = Buffer.from(await response.arrayBuffer());
				return { type: response.headers.get('content-type'), bytes };
			}),
		);
	/** The first bytes of a file tell its type. */
	const BEGINNINGS: Record<string, RegExp> = {
		'video/mp4': /^....ftyp/s,
		'audio/mpeg': /^\u00ff[\u00f2-\u00ff]/,
	};

	describe('give files', () => {
		it.each<[string, (photo: string) => object, string, number]>([
			['black-forest-labs/flux-kontext-pro', (image) => ({ input_image: image }), 'png', 1],
			['google/nano-banana', (image) => ({ image_input: [image, image] }), 'jpeg', 1],
			['google/nano-banana-pro', () => ({ resolution: '4K', output_format: 'png' }), 'png', 1],
			[
				'bytedance/seedream-4',
				() => ({ sequential_image_generation: 'auto', max_images: 3 }),
				'jpeg',
				3,
			],
			['openai/gpt-image-1', () => ({ openai_api_key: 'sk', number_of_images: 2 }), 'webp', 2],
		])('%s: pictures', async (model, input, format, count) => {
			const run = await calls.run(model, { prompt: 'a fox', ...input(photo) });
			expect(run).toMatchObject({ status: 'succeeded', version: 'hidden' });
			const files = await filesOf(run.output);
			expect(files).toHaveLength(count);
			for (const { bytes } of files) expect((await sharp(bytes).metadata()).format).toBe(format);
		});

		it.each<[string, (photo: string) => object, string]>([
			['google/veo-3.1', (image) => ({ prompt: 'rain', reference_images: [image] }), 'video/mp4'],
			['kwaivgi/kling-v2.1', (image) => ({ prompt: 'rain', start_image: image }), 'video/mp4'],
			['minimax/video-01', () => ({ prompt: 'rain' }), 'video/mp4'],
			['minimax/speech-02-hd', () => ({ text: 'Hello', emotion: 'happy' }), 'audio/mpeg'],
		])('%s: a file that plays', async (model, input, type) => {
			const { output } = await calls.run(model, input(photo));
			const [file] = await filesOf(output);
			expect(file!.type).toBe(type);
			expect(file!.bytes.toString('latin1')).toMatch(BEGINNINGS[type]!);
		});
	});

	describe('talk', () => {
		it.each<[string, object]>([
			['openai/gpt-4o-mini', { messages: [{ role: 'user', content: 'Hello' }], prompt: 'no' }],
			['openai/gpt-5', { prompt: 'Hello', verbosity: 'low' }],
			['anthropic/claude-4-sonnet', { prompt: 'Hello' }],
		])('%s', async (model, input) => {
			const run = await calls.run(model, input);
			expect((run.output as string[]).join('')).toBe('You said "Hello".');
			expect(run.metrics).toMatchObject({ input_token_count: 1, output_token_count: 3 });
			expect(run.urls.stream).toContain('/streams/');
		});

		it('openai/gpt-5-structured: in the shape that is asked for', async () => {
			const { output } = await calls.run('openai/gpt-5-structured', {
				prompt: 'Hello',
				json_schema: { type: 'object', properties: { name: { type: 'string' } } },
			});
			expect(output).toMatchObject({ text: null, json_output: { name: 'You said "Hello".' } });
		});
	});

	describe('refuse what does not fit their schema', () => {
		it.each<[string, string, object, string, string]>([
			['a choice that is not there', 'google/veo-3.1', { duration: 5 }, 'input.duration', 'enum'],
			[
				'too many files',
				'google/veo-3.1',
				{ reference_images: Array(4).fill('https://example.com/a.png') },
				'input.reference_images',
				'array_max_items',
			],
			[
				'a file that is not an address',
				'google/nano-banana',
				{ image_input: ['a.png'] },
				'input.image_input.0',
				'format',
			],
			['a list for one file', 'sandbox/unions', { image: ['x'] }, 'input.image', 'number_any_of'],
			['a text for null', 'sandbox/unions', { seed: 'none' }, 'input.seed', 'number_any_of'],
			[
				'null for an optional input',
				'google/veo-3.1',
				{ seed: null },
				'input.seed',
				'invalid_type',
			],
			[
				'a message without content',
				'sandbox/unions',
				{ messages: [{ role: 'user' }] },
				'input.messages.0',
				'required',
			],
			[
				'a text that is too long',
				'minimax/speech-02-hd',
				{ text: 'x'.repeat(5_001) },
				'input.text',
				'string_lte',
			],
			['no secret', 'openai/gpt-image-1', {}, 'input', 'required'],
			[
				'an object with a number out of bounds',
				'sandbox/unions',
				{ camera: { zoom: 9 } },
				'input.camera.zoom',
				'number_lte',
			],
		])('%s: %s', async (_name, model, input, field, type) => {
			const { status, json } = await calls.create(model, { prompt: 'x', ...input });
			expect(status).toBe(422);
			expect(json!.invalid_fields).toEqual([expect.objectContaining({ field, type })]);
			expect(sandbox.predictions.all).toEqual([]);
		});
	});

	it('take null, one file, a list of files, messages and objects where a union allows them', async () => {
		const sha256 = createHash('sha256').update(photoBytes).digest('hex');
		const messages = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }];
		const given = { prompt: 'x', seed: null, style: 'photo', messages, strength: 'strong' };
		const one = await calls.run('sandbox/unions', { ...given, image: null, reference: photo });
		expect(one.output).toEqual({
			...given,
			image: null,
			reference: sha256,
			quality: 'standard',
			mode: 'fast',
			settings: {},
		});
		const many = await calls.run('sandbox/unions', {
			prompt: 'x',
			images: [photo, photo],
			reference: [photo],
		});
		expect(many.output).toMatchObject({ images: [sha256, sha256], reference: [sha256] });
	});

	it('show no secret, though they receive it', async () => {
		const run = await calls.run('openai/gpt-image-1', { openai_api_key: 'sk-1', prompt: 'x' });
		expect(run.input).toEqual({ openai_api_key: '[REDACTED]', prompt: 'x' });
		expect(JSON.stringify(await calls.list())).not.toContain('sk-1');
	});

	it('tell their version of OpenAPI', async () => {
		const opened = async (name: string) => {
			const { json } = await calls.call('GET', `/models/${name}`);
			return (json!.latest_version as { openapi_schema: Json }).openapi_schema.openapi;
		};
		expect(await opened('sandbox/unions')).toBe('3.1.0');
		expect(await opened('google/veo-3.1')).toBe('3.0.2');
	});

	describe('that recipes name', () => {
		const version = async (name: string) => {
			const { json } = await calls.call('GET', `/models/${name}`);
			return json!.is_official ? name : `${name}:${(json!.latest_version as Json).id}`;
		};

		it('are all known to the sandbox', async () => {
			const folder = join(__dirname, '../../examples');
			const named = readdirSync(folder)
				.filter((name) => name.endsWith('.json'))
				.flatMap((name) => {
					const text = readFileSync(join(folder, name), 'utf8');
					const nodes = (JSON.parse(text) as { nodes: Array<{ parameters: Parameters }> }).nodes;
					return nodes.flatMap(({ parameters: { model } }) =>
						/^[\w.-]+\/[\w.-]+$/.test(String(model?.value)) ? [String(model!.value)] : [],
					);
				});
			expect(named.length).toBeGreaterThan(5);
			for (const name of new Set(named)) {
				expect([name, (await calls.call('GET', `/models/${name}`)).status]).toEqual([name, 200]);
			}
		});

		it('draw as many pictures as asked, in format and shape', async () => {
			const input = { prompt: 'x', num_outputs: 2, output_format: 'jpg', aspect_ratio: '16:9' };
			const { output } = await calls.run('black-forest-labs/flux-schnell', input);
			const files = await filesOf(output);
			const seen = await Promise.all(files.map(async ({ bytes }) => await sharp(bytes).metadata()));
			expect(seen).toMatchObject(Array(2).fill({ format: 'jpeg', width: 512, height: 288 }));
		});

		it('cut out a background, and leave the rest', async () => {
			const name = await version('851-labs/background-remover');
			const { output } = await calls.run(name, { image: photo });
			const { bytes } = (await filesOf(output))[0]!;
			const pixels = await sharp(bytes).raw().toBuffer();
			const alphaAt = (x: number, y: number) => pixels[(y * 40 + x) * 4 + 3];
			expect([alphaAt(0, 0), alphaAt(20, 10)]).toEqual([0, 255]);
		});

		it('enlarge a picture by the factor', async () => {
			const name = await version('nightmareai/real-esrgan');
			const { output } = await calls.run(name, { image: photo, scale: 2 });
			const { bytes } = (await filesOf(output))[0]!;
			expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 80, height: 40 });
		});

		it('read aloud for as long as the text is', async () => {
			const name = await version('jaaari/kokoro-82m');
			const lengths = ['Hi', 'A much longer text that takes its time'].map(async (text) => {
				const { output } = await calls.run(name, { text });
				return (await filesOf(output))[0]!.bytes.length;
			});
			const [short, long] = await Promise.all(lengths);
			expect(long!).toBeGreaterThan(3 * short!);
		});

		it('say what file they heard', async () => {
			const { output } = await calls.run(await version('openai/whisper'), { audio: photo });
			const sha256 = createHash('sha256').update(photoBytes).digest('hex');
			expect((output as { transcription: string }).transcription).toContain(sha256);
		});

		it('write token by token', async () => {
			const run = await calls.create(await version('meta/meta-llama-3-8b-instruct'), {
				prompt: 'x',
			});
			const stream = await fetch(run.json!.urls.stream!);
			const events = (await stream.text()).match(/^event: \w+/gm)!;
			expect(events.filter((event) => event === 'event: output').length).toBeGreaterThan(20);
			expect(events.at(-1)).toBe('event: done');
		});
	});

	it('have no name twice', () => {
		const names = models.map(versionOf);
		expect(new Set(names).size).toBe(names.length);
	});
});

interface Parameters {
	model?: { value?: unknown };
}
