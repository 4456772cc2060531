import { createHash } from 'node:crypto';
import Replicate, { type FileOutput } from 'replicate';
import sharp from 'sharp';
import { versionOf } from '../../dev/sandbox/models/model';
import { startSandbox, type Sandbox } from '../../dev/sandbox/server';

/*
 * The official JavaScript client, driven as its README says, gets from the sandbox what it gets from
 * Replicate. So the node is tested against a server that Replicate's own client understands.
 */
describe('the official client against the sandbox', () => {
	let sandbox: Sandbox;
	let replicate: Replicate;

	beforeAll(async () => {
		sandbox = await startSandbox();
		replicate = new Replicate({ auth: sandbox.token, baseUrl: sandbox.baseUrl });
	});
	afterAll(async () => await sandbox.stop());

	const slow = `sandbox/slow:${versionOf({ owner: 'sandbox', name: 'slow' })}` as const;
	const thumbnail =
		`sandbox/thumbnail:${versionOf({ owner: 'sandbox', name: 'thumbnail' })}` as const;
	const png = async () =>
		await sharp({ create: { width: 640, height: 480, channels: 3, background: 'navy' } })
			.png()
			.toBuffer();

	it('reads the account', async () => {
		await expect(replicate.accounts.current()).resolves.toMatchObject({
			type: 'user',
			username: 'sandbox',
		});
	});

	describe('files', () => {
		it('creates, gets, lists and deletes', async () => {
			const bytes = await png();
			const blob = new File([new Uint8Array(bytes)], 'navy.png', { type: 'image/png' });
			const created = await replicate.files.create(blob, { purpose: 'test' });
			expect(created).toMatchObject({
				name: 'navy.png',
				content_type: 'image/png',
				size: bytes.length,
				etag: createHash('md5').update(bytes).digest('hex'),
				checksums: { sha256: createHash('sha256').update(bytes).digest('hex') },
				metadata: { purpose: 'test' },
				urls: { get: `${sandbox.baseUrl}/files/${created.id}` },
			});
			const lifetime = Date.parse(created.expires_at!) - Date.parse(created.created_at);
			expect(lifetime).toBe(24 * 60 * 60 * 1000);
			await expect(replicate.files.get(created.id)).resolves.toEqual(created);
			expect((await replicate.files.list()).results[0]).toEqual(created);
			await expect(replicate.files.delete(created.id)).resolves.toBe(true);
			await expect(replicate.files.get(created.id)).rejects.toMatchObject({
				response: { status: 404 },
			});
		});
	});

	describe('predictions', () => {
		it('creates by version, waits, gets and lists', async () => {
			const version = slow.split(':')[1]!;
			const created = await replicate.predictions.create({ version, input: { seconds: 0.2 } });
			expect(created).toMatchObject({ status: 'starting', version, model: 'sandbox/slow' });
			const ended = await replicate.wait(created, { interval: 50 });
			expect(ended).toMatchObject({ status: 'succeeded', output: 'done after 0.2 s' });
			expect(ended.metrics!.predict_time).toBeGreaterThan(0.1);
			await expect(replicate.predictions.get(created.id)).resolves.toEqual(ended);
			expect((await replicate.predictions.list()).results[0]).toMatchObject({ id: created.id });
		});

		it('creates an official model by name', async () => {
			const created = await replicate.predictions.create({
				model: 'sandbox/tokens',
				input: { prompt: 'a b' },
				wait: 10,
			});
			expect(created).toMatchObject({
				status: 'succeeded',
				version: 'hidden',
				output: ['a', ' b'],
			});
		});

		it('cancels', async () => {
			const created = await replicate.predictions.create({
				version: slow.split(':')[1]!,
				input: { seconds: 60 },
			});
			await expect(replicate.predictions.cancel(created.id)).resolves.toMatchObject({
				status: 'canceled',
				output: null,
			});
		});

		it('pages through a long list', async () => {
			for (let count = 0; count < 105; count++) {
				await replicate.predictions.create({ model: 'sandbox/tokens', input: { prompt: 'x' } });
			}
			const ids = new Set<string>();
			let pages = 0;
			for await (const page of replicate.paginate(replicate.predictions.list)) {
				pages++;
				for (const { id } of page) ids.add(id);
			}
			expect(ids.size).toBe(sandbox.predictions.all.length);
			expect(pages).toBe(Math.ceil(ids.size / 100));
		});
	});

	describe('run', () => {
		it('uploads a file, and gives the output file', async () => {
			// The client makes file objects of https and data URLs; the sandbox's URLs stay strings.
			const output = (await replicate.run(thumbnail, {
				input: { image: await png(), width: 64, format: 'png' },
			})) as unknown as string;
			expect(output).toMatch(/\/pbxt\/.*thumbnail\.png$/);
			const bytes = Buffer.from(await (await fetch(output)).arrayBuffer());
			expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 64, height: 48 });
			expect(sandbox.files.list('sandbox')[0]!.name).toMatch(/^buffer_/);
		});

		it('gives a data URI as a file object', async () => {
			const output = (await replicate.run('sandbox/variants', {
				input: { image: await png(), shape: 'data_uri' },
			})) as FileOutput;
			const bytes = Buffer.from(await (await output.blob()).arrayBuffer());
			expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 32 });
		});

		it('throws what the model says', async () => {
			const version = versionOf({ owner: 'sandbox', name: 'fail' });
			await expect(
				replicate.run(`sandbox/fail:${version}`, { input: { message: 'out of paint' } }),
			).rejects.toThrow('Prediction failed: out of paint');
		});
	});

	describe('models', () => {
		it('gets a model with its schema, and its versions', async () => {
			const model = await replicate.models.get('sandbox', 'thumbnail');
			expect(model).toMatchObject({ owner: 'sandbox', name: 'thumbnail', is_official: false });
			const schema = model.latest_version!.openapi_schema as {
				components: { schemas: { Input: { required: string[] } } };
			};
			expect(schema.components.schemas.Input.required).toEqual(['image']);
			const { results } = await replicate.models.versions.list('sandbox', 'thumbnail');
			expect(results.map(({ id }) => id)).toEqual([thumbnail.split(':')[1]]);
		});

		it('lists no versions of an official model', async () => {
			await expect(replicate.models.versions.list('sandbox', 'tokens')).rejects.toMatchObject({
				response: { status: 404 },
			});
		});
	});

	describe('real models', () => {
		it('are listed in pages, are in collections, and have examples', async () => {
			const { results, next } = await replicate.models.list();
			expect(results).toHaveLength(25);
			expect(next).toContain(`${sandbox.baseUrl}/models?cursor=`);
			const official = await replicate.collections.get('official');
			expect(official.models!.map(({ name }) => name)).toContain('flux-schnell');
			expect((await replicate.collections.list()).results).toHaveLength(2);
		});

		it('run, and give files of the types of their example', async () => {
			const files = (await replicate.run('black-forest-labs/flux-schnell', {
				input: { prompt: 'a fox' },
			})) as string[];
			expect(files).toEqual([expect.stringMatching(/\.webp$/)]);
			expect((await fetch(files[0]!)).headers.get('content-type')).toBe('image/webp');
		});
	});

	it('runs deployments', async () => {
		const { results } = await replicate.deployments.list();
		expect(results.map(({ name }) => name)).toEqual(['my-thumbnail', 'my-tokens']);
		const deployment = await replicate.deployments.get('sandbox', 'my-tokens');
		expect(deployment.current_release!.model).toBe('sandbox/tokens');
		const created = await replicate.deployments.predictions.create('sandbox', 'my-tokens', {
			input: { prompt: 'hi' },
		});
		expect(await replicate.wait(created)).toMatchObject({ status: 'succeeded', output: ['hi'] });
	});

	describe('errors', () => {
		const status = (code: number) => ({ response: expect.objectContaining({ status: code }) });

		it.each<[string, number, () => Promise<unknown>]>([
			[
				'a wrong token',
				401,
				async () =>
					await new Replicate({ auth: 'r8_no', baseUrl: sandbox.baseUrl }).accounts.current(),
			],
			['an unknown model', 404, async () => await replicate.models.get('no', 'body')],
			['an unknown prediction', 404, async () => await replicate.predictions.get('nobody')],
			[
				'an unknown version',
				422,
				async () => await replicate.predictions.create({ version: 'f'.repeat(64), input: {} }),
			],
			[
				'a community model by name',
				404,
				async () => await replicate.predictions.create({ model: 'sandbox/slow', input: {} }),
			],
			[
				'a missing input',
				422,
				async () => await replicate.predictions.create({ model: 'sandbox/tokens', input: {} }),
			],
			[
				'an unknown option',
				422,
				async () =>
					await replicate.predictions.create({
						model: 'sandbox/tokens',
						input: { prompt: '' },
						strange: 1,
					} as never),
			],
		])('%s: %i', async (_name, code, call) => {
			await expect(call()).rejects.toMatchObject(status(code));
		});

		it('gives the invalid fields as problem JSON', async () => {
			const error = await replicate.predictions
				.create({ model: 'sandbox/tokens', input: { prompt: null, max_tokens: 5000 } })
				.then(
					() => undefined,
					(reason: { response: Response }) => reason,
				);
			expect(error!.response.headers.get('content-type')).toContain('application/problem+json');
			expect(
				JSON.parse(
					(error as unknown as Error).message
						.split('status 422 Unprocessable Entity: ')[1]!
						.replace(/\.$/, ''),
				),
			).toEqual({
				title: 'Input validation failed',
				status: 422,
				detail:
					'- input.prompt: Invalid type. Expected: string, given: null\n- input.max_tokens: Must be less than or equal to 4096\n',
				invalid_fields: [
					{
						type: 'invalid_type',
						field: 'input.prompt',
						description: 'Invalid type. Expected: string, given: null',
					},
					{
						type: 'number_lte',
						field: 'input.max_tokens',
						description: 'Must be less than or equal to 4096',
					},
				],
			});
		});
	});
});
