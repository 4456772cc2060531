import Fastify, { type FastifyInstance } from 'fastify';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { runModel, startWorld, type World } from './world';

const ICON = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');

/** The ways of a file that a builder chooses, and what becomes of uploads. */
describe('the routes of a file that are chosen', () => {
	let world: World;
	let n8n: FastifyInstance;
	let large: INodeExecutionData;

	beforeAll(async () => {
		world = await startWorld();
		// The part of n8n's own server that answers signed URLs.
		n8n = Fastify();
		n8n.get<{ Querystring: { token: string } }>('/rest/binary-data/signed', async (request) => {
			const [, payload] = request.query.token.split('.');
			const { id } = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as { id: string };
			return await world.engine.read({ id, data: '', mimeType: '' });
		});
		world.engine.setInstanceUrl(await n8n.listen({ host: '127.0.0.1', port: 0 }));
		large = await world.fileItem(Buffer.alloc(1_500_000, 7), 'large.bin', 'image/png');
	});
	afterAll(async () => await Promise.all([world.stop(), n8n.close()]));

	const deleted = () =>
		world.sandbox.requests.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
	const uploads = () => world.sandbox.files.list('sandbox');
	const run = async (model: string, options: INodeParameters, more: INodeParameters = {}) =>
		await world.run({ parameters: runModel(model, { options, ...more }) }, [large]);
	const checksum = { inputJson: '{"file":"data"}' };

	describe('public URL', () => {
		it('lets Replicate fetch the file from n8n, and uploads nothing', async () => {
			const before = uploads().length;
			const { items, error } = await run(
				'sandbox/checksum',
				{ fileRouting: 'publicUrl' },
				checksum,
			);
			expect(error).toBeUndefined();
			expect(items[0]!.json.output).toMatchObject([{ size: 1_500_000 }]);
			const { input } = world.sandbox.predictions.all.at(-1)!;
			expect(input.file).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/rest\/binary-data\/signed\?token=/);
			expect(uploads()).toHaveLength(before);
		});

		it('serves models that cannot read uploads, and the error of an upload says so', async () => {
			const failed = await run('sandbox/vendor-proxy', { fileRouting: 'upload' });
			expect(failed.error!.message).toBe('The model failed: Failed to load image (E006) [item 0]');
			expect(failed.error!.description).toContain(
				'set Options → Send Files As to Data URI (up to 10 MB) or Public URL',
			);
			const { items } = await run('sandbox/vendor-proxy', { fileRouting: 'publicUrl' });
			expect(items[0]!.json.text).toMatch(/1500000 bytes$/);
		});

		it('is refused in one sentence where n8n keeps files in memory', async () => {
			const item: INodeExecutionData = {
				json: {},
				binary: { data: { data: 'AAAA', mimeType: 'image/png', fileName: 'a.png' } },
			};
			const parameters = runModel('sandbox/checksum', {
				...checksum,
				options: { fileRouting: 'publicUrl' },
			});
			const { error } = await world.run({ parameters }, [item]);
			expect(error!.message).toBe(
				'n8n gives no public URL for the file "a.png", because it keeps binary data in memory [item 0]',
			);
		});
	});

	describe('public links of output files', () => {
		const created = () => world.sandbox.predictions.all.length;
		const thumbnail = async (more: INodeParameters) => {
			const icon = await world.fileItem(ICON, 'icon.svg', 'image/svg+xml');
			const parameters = runModel('sandbox/thumbnail', { inputJson: '{"image":"data"}', ...more });
			return await world.run({ parameters }, [icon]);
		};

		it('are signed by n8n, for as long as is said', async () => {
			const { items, error } = await thumbnail({ options: { publicLinkHours: 48 } });
			expect(error).toBeUndefined();
			const [file] = items[0]!.json.files as Array<Record<string, string>>;
			const { origin, pathname, searchParams } = new URL(file!.publicUrl!);
			expect([origin.slice(0, 16), pathname]).toEqual([
				'http://127.0.0.1',
				'/rest/binary-data/signed',
			]);
			const [, payload] = searchParams.get('token')!.split('.');
			const { id, exp } = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as {
				id: string;
				exp: number;
			};
			expect(id).toBe(items[0]!.binary!.data!.id);
			expect(Math.abs(exp * 1_000 - Date.parse(file!.publicUrlExpiresAt!))).toBeLessThan(2_000);
			expect(exp - Date.now() / 1_000).toBeGreaterThan(47.9 * 3_600);
		});

		it('are left out unless they are wanted', async () => {
			const { items } = await thumbnail({});
			expect(JSON.stringify(items[0]!.json.files)).not.toContain('publicUrl');
		});

		it('are of each file where the files are in items of their own, and Get gives them, too', async () => {
			const { items } = await thumbnail({
				options: { outputItems: 'perFile', publicLinkHours: 1 },
			});
			expect(items[0]!.json.files).toMatchObject([{ publicUrl: expect.any(String) as string }]);
			const parameters = {
				operation: 'get',
				predictionId: '={{ $json.id }}',
				options: { publicLinkHours: 1 },
			};
			const again = await world.run({ parameters }, items);
			expect(again.items[0]!.json.files).toMatchObject([
				{ publicUrl: expect.any(String) as string },
			]);
		});

		it.each<[string, INodeParameters, string]>([
			[
				'without downloads',
				{ downloadFiles: false, options: { publicLinkHours: 1 } },
				'Options → Public Link (Hours) needs Download Output Files: a link is to the file that n8n keeps [item 0]',
			],
			[
				'for half a minute',
				{ options: { publicLinkHours: 0.01 } },
				'Options → Public Link (Hours) must be a whole number from 1 to 8760, and is 0.01 [item 0]',
			],
			[
				'for ever',
				{ options: { publicLinkHours: 9_000 } },
				'Options → Public Link (Hours) must be a whole number from 1 to 8760, and is 9000 [item 0]',
			],
		])('are refused %s, before anything is created', async (_how, more, message) => {
			const before = created();
			const { error } = await thumbnail(more);
			expect(error!.message).toBe(message);
			expect(created()).toBe(before);
		});
	});

	describe('deleting uploads', () => {
		const options = { deleteUploads: true };

		it('happens when the prediction has succeeded', async () => {
			const { items } = await run('sandbox/checksum', options, checksum);
			expect(items[0]!.json.status).toBe('succeeded');
			expect(deleted()).toHaveLength(1);
			expect(uploads().filter(({ name }) => name === 'large.bin')).toHaveLength(1);
		});

		it.each([
			['failed', 'sandbox/vendor-proxy', {}],
			['run out of time', 'sandbox/slow', { timeout: 3 }],
		])('happens when it has %s', async (_how, model, more) => {
			const before = deleted().length;
			const inputJson = model === 'sandbox/slow' ? '{"seconds":60,"extra":"data"}' : '{}';
			const fileInputs = { values: [{ input: 'label', binaryFields: 'data' }] };
			const { error } = await run(
				model,
				{ ...options, ...more },
				model === 'sandbox/slow' ? { inputJson, fileInputs } : {},
			);
			expect(error).toBeDefined();
			expect(deleted()).toHaveLength(before + 1);
		});

		it('waits for the last item that uses the file', async () => {
			const before = deleted().length;
			const { items } = await world.run(
				{ parameters: runModel('sandbox/checksum', { ...checksum, options }) },
				[large, large, large],
			);
			expect(items.map(({ json }) => json.status)).toEqual(Array(3).fill('succeeded'));
			expect(deleted()).toHaveLength(before + 1);
		});

		it('does not happen while the prediction may still read the file', async () => {
			const before = deleted().length;
			await run('sandbox/checksum', options, { ...checksum, waitFor: 'nothing' });
			expect(deleted()).toHaveLength(before);
		});

		it('does not happen unless it is wanted', async () => {
			const before = deleted().length;
			await run('sandbox/checksum', {}, checksum);
			expect(deleted()).toHaveLength(before);
		});
	});
});
