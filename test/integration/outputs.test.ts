import sharp from 'sharp';
import type { INodeExecutionData } from 'n8n-workflow';
import { fileInput, runModel, startWorld, type World } from './world';

describe.each(['filesystem', 'default'] as const)(
	'outputs, with binary data in %s mode',
	(mode) => {
		let world: World;
		let image: INodeExecutionData;

		beforeAll(async () => {
			world = await startWorld(mode);
			const bytes = await sharp({
				create: { width: 800, height: 600, channels: 3, background: 'teal' },
			})
				.png()
				.toBuffer();
			image = await world.fileItem(bytes, 'teal.png', 'image/png');
		});
		afterAll(async () => await world.stop());

		const variants = async (shape: string, more = {}) =>
			(
				await world.run(
					{
						parameters: runModel('sandbox/variants', {
							...fileInput('image'),
							inputJson: `{"shape":"${shape}"}`,
							...more,
						}),
					},
					[image],
				)
			).items[0]!;

		it('makes an output file binary data with its name, type and bytes', async () => {
			const parameters = runModel('sandbox/thumbnail', {
				...fileInput('image'),
				inputJson: '{"width":100,"format":"jpeg"}',
			});
			const { items } = await world.run({ parameters }, [image]);
			const { json, binary, pairedItem } = items[0]!;
			const bytes = await world.engine.read(binary!.data!);
			expect(await sharp(bytes).metadata()).toMatchObject({
				format: 'jpeg',
				width: 100,
				height: 75,
			});
			const fileName = `thumbnail-${String(json.id)}.jpg`;
			expect(binary!.data).toMatchObject({ fileName, mimeType: 'image/jpeg' });
			expect(json.files).toEqual([
				{
					field: 'data',
					fileName,
					mimeType: 'image/jpeg',
					bytes: bytes.length,
					url: json.output,
				},
			]);
			expect(json).toMatchObject({ status: 'succeeded', model: 'sandbox/thumbnail' });
			expect(pairedItem).toEqual({ item: 0 });
		});

		it('names the files of an object after their keys, and lists count on', async () => {
			const { json, binary } = await variants('object');
			expect(Object.keys(binary!)).toEqual(['data', 'frames', 'frames_1']);
			const named = (stem: string) => ({
				fileName: `${stem}-${String(json.id)}.png`,
				mimeType: 'image/png',
			});
			expect(binary!.data).toMatchObject(named('preview'));
			const files = json.files as Array<{ field: string; key?: string }>;
			expect(files.map(({ field, key }) => [field, key])).toEqual([
				['data', 'preview'],
				['frames', 'frames'],
				['frames_1', 'frames'],
			]);
			expect(binary!.frames_1).toMatchObject(named('frame 1'));
			const output = json.output as { preview: string; frames: string[]; caption: string };
			expect(output.caption).toBe('two frames');
			expect((json.files as Array<{ url: string }>).map(({ url }) => url)).toEqual([
				output.preview,
				...output.frames,
			]);
		});

		it('gives files of one model different names, and the same ones whichever operation reads them', async () => {
			const namesIn = (items: INodeExecutionData[]) =>
				items.flatMap(({ binary }) => Object.values(binary!).map(({ fileName }) => fileName));
			const parameters = runModel('sandbox/variants', {
				...fileInput('image'),
				inputJson: '{"shape":"list"}',
			});
			const { items } = await world.run({ parameters }, [image, image, image]);
			const names = namesIn(items);
			expect(new Set(names).size).toBe(6);
			const get = { operation: 'get', predictionId: '={{ $json.id }}' };
			const again = await world.run({ parameters: get }, items);
			expect(namesIn(again.items)).toEqual(names);
			const apart = { ...get, options: { outputItems: 'perFile' } };
			expect(namesIn((await world.run({ parameters: apart }, items)).items)).toEqual(names);
		});

		it('gives public links only where n8n can, and is not paid for otherwise', async () => {
			const before = world.sandbox.predictions.all.length;
			const parameters = runModel('sandbox/variants', {
				...fileInput('image'),
				inputJson: '{"shape":"list"}',
				options: { publicLinkHours: 2 },
			});
			const { items, error } = await world.run({ parameters }, [image]);
			if (mode === 'default') {
				expect(error!.message).toBe(
					'n8n gives no public links, because it keeps binary data in memory [item 0]',
				);
				expect(world.sandbox.predictions.all).toHaveLength(before);
			} else {
				const files = items[0]!.json.files as Array<{ publicUrl: string }>;
				expect(new Set(files.map(({ publicUrl }) => publicUrl)).size).toBe(2);
			}
		});

		it('numbers the files of a list after the chosen field', async () => {
			const { binary } = await variants('list', { binaryField: 'frame' });
			expect(Object.keys(binary!)).toEqual(['frame', 'frame_1']);
		});

		it('names the files as the builder wants, with the extension of their type', async () => {
			const named = { options: { outputFileName: '={{ $binary.data.fileName }}' } };
			const fileNames = (item: INodeExecutionData) =>
				Object.values(item.binary!).map(({ fileName }) => fileName);
			expect(fileNames(await variants('list', named))).toEqual(['teal.png', 'teal_1.png']);
			expect(fileNames(await variants('data_uri', named))).toEqual(['teal.png']);
		});

		it('makes a data URI binary data and keeps it out of the JSON', async () => {
			const { json, binary } = await variants('data_uri');
			expect(binary!.data).toMatchObject({
				fileName: `variants-${String(json.id)}.png`,
				mimeType: 'image/png',
			});
			expect(await sharp(await world.engine.read(binary!.data!)).metadata()).toMatchObject({
				width: 32,
			});
			expect(JSON.stringify(json).length).toBeLessThan(1_000);
		});

		it('leaves files where they are when asked to', async () => {
			const { json, binary } = await variants('list', { downloadFiles: false });
			expect(binary).toBeUndefined();
			expect(json.files).toEqual((json.output as string[]).map((url) => ({ url })));
		});

		describe('a text that a model’s page calls a file, and which is no address', () => {
			/** Runs a model whose page promises files, and which returns this instead. */
			const returning = async (output: unknown[], more: object) => {
				const { faults, delivery } = world.sandbox;
				const urls = await Promise.all(
					output.map(async (one) =>
						one instanceof Buffer ? await delivery.host('real.png', one) : one,
					),
				);
				faults.plan('POST', /predictions$/, {
					kind: 'answer',
					status: 201,
					body: JSON.stringify({ id: 'noted', status: 'succeeded', output: urls }),
				});
				const parameters = runModel('bytedance/seedream-4', {
					inputJson: '{"prompt":"x"}',
					...more,
				});
				const { items, error } = await world.run({ parameters });
				expect(error).toBeUndefined();
				return items;
			};
			const note = {
				note: 'Not downloaded: "/src/out.png" is not the address of a file, though the model\'s page calls it one. What the model returned is in "output".',
			};

			it.each([{}, { downloadFiles: false }, { options: { outputItems: 'perFile' } }])(
				'is noted in the item: %j',
				async (more) => {
					const [only, ...others] = await returning(['/src/out.png'], more);
					expect(only!.json.files).toEqual([note]);
					expect([only!.binary, others]).toEqual([undefined, []]);
				},
			);

			it('is noted beside the files that are there', async () => {
				const mixed = ['/src/out.png', Buffer.from('a real one')];
				const [together] = await returning(mixed, {});
				const file = expect.objectContaining({ field: 'data', fileName: expect.any(String) });
				expect(together!.json.files).toEqual([file, note]);
				const [left] = await returning(mixed, { downloadFiles: false });
				expect(left!.json.files).toEqual([{ url: expect.stringContaining('real.png') }, note]);
				const apart = await returning(mixed, { options: { outputItems: 'perFile' } });
				expect(apart.map(({ json }) => json.files)).toEqual([[file], [note]]);
				expect(apart.map(({ binary }) => Object.keys(binary ?? {}))).toEqual([['data'], []]);
			});
		});

		it('joins tokens to a text', async () => {
			const { items } = await world.run({
				parameters: runModel('sandbox/tokens', { inputJson: '{"prompt":"one two three"}' }),
			});
			expect(items[0]!.json).toMatchObject({
				output: ['one', ' two', ' three'],
				text: 'one two three',
			});
		});

		it('gives the whole prediction when asked to', async () => {
			const { items } = await world.run({
				parameters: runModel('sandbox/tokens', { inputJson: '{"prompt":"one"}', simplify: false }),
			});
			expect(items[0]!.json).toMatchObject({
				input: { prompt: 'one' },
				urls: { get: expect.any(String) },
			});
		});

		it('sends no token to the file host', async () => {
			await variants('object');
			expect(world.sandbox.delivery.requests.length).toBeGreaterThan(0);
			for (const { headers } of world.sandbox.delivery.requests) {
				expect(JSON.stringify(headers)).not.toContain(world.sandbox.token);
			}
		});

		it('begins a download again that broke off', async () => {
			world.sandbox.faults.plan('GET', /pbxt.*thumbnail/, { kind: 'truncate', bytes: 100 });
			const { items } = await world.run(
				{ parameters: runModel('sandbox/thumbnail', fileInput('image')) },
				[image],
			);
			const bytes = await world.engine.read(items[0]!.binary!.data!);
			expect(await sharp(bytes).metadata()).toMatchObject({ width: 256 });
		});

		it('keeps the prediction and its address when the file cannot be had', async () => {
			world.sandbox.faults.plan('GET', /pbxt.*thumbnail/, { kind: 'answer', status: 404 });
			const { items } = await world.run(
				{
					parameters: runModel('sandbox/thumbnail', fileInput('image')),
					onError: 'continueRegularOutput',
				},
				[image],
			);
			const prediction = world.sandbox.predictions.all.at(-1)!;
			expect(items[0]!.json.error).toMatch(
				/^The prediction succeeded, but its output file could not be fetched/,
			);
			expect(items[0]!.json.details).toMatchObject({
				predictionId: prediction.id,
				status: 'succeeded',
				output: prediction.output,
				description: expect.stringMatching(/paid.*Prediction → Get/),
			});
			expect(items[0]!.binary).toBeUndefined();
		});

		it('follows a redirect to an allowed host, and no other', async () => {
			const { faults, delivery } = world.sandbox;
			const elsewhere = await delivery.host('elsewhere.webp', Buffer.from('moved'));
			const run = async (location: string) => {
				faults.plan('GET', /pbxt.*thumbnail/, {
					kind: 'answer',
					status: 302,
					headers: { location },
				});
				const parameters = runModel('sandbox/thumbnail', fileInput('image'));
				return (await world.run({ parameters }, [image])).items[0]!;
			};
			const followed = await run(elsewhere);
			expect((await world.engine.read(followed.binary!.data!)).toString()).toBe('moved');
			const refused = await run('http://169.254.169.254/latest/meta-data');
			expect(refused.binary).toBeUndefined();
			expect(refused.json.files).toEqual([
				{ url: refused.json.output, note: expect.stringContaining('169.254.169.254') },
			]);
		});
	},
);
