import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { reuse } from '../../nodes/fields/spending';
import { fileInput, runModel, startWorld, type World } from './world';

describe('Options → Reuse Results', () => {
	let world: World;
	beforeEach(async () => {
		world = await startWorld('filesystem', {
			tokens: { r8_sandbox: 'sandbox', r8_somebody: 'somebody' },
		});
	});
	afterEach(async () => await world.stop());

	const SAME = { reuse: 'sameInput' };
	const run = async (
		model: string,
		inputJson: unknown,
		options: INodeParameters = SAME,
		items?: INodeExecutionData[],
		more: INodeParameters = {},
	) => {
		const parameters = runModel(model, { inputJson: inputJson as string, options, ...more });
		const result = await world.run({ parameters }, items);
		expect(result.error).toBeUndefined();
		return result;
	};
	const created = () => world.sandbox.predictions.all.length;

	it('is off at first', async () => {
		for (let n = 0; n < 2; n++) await run('sandbox/tokens', '{"prompt":"a"}', {});
		expect(created()).toBe(2);
	});

	it('takes an equal prediction instead of paying again, and says so in the item', async () => {
		const [first] = (await run('sandbox/tokens', '{"prompt":"a","max_tokens":5}')).items;
		const [again] = (await run('sandbox/tokens', '{"max_tokens":5,"prompt":"a"}')).items;
		expect(created()).toBe(1);
		expect(first!.json).not.toHaveProperty('reused');
		expect(again!.json).toMatchObject({ id: first!.json.id, text: 'a', reused: true });
	});

	it('brings the files of an equal prediction', async () => {
		const input = '{"prompt":"a red fox"}';
		await run('black-forest-labs/flux-schnell', input);
		const [again] = (await run('black-forest-labs/flux-schnell', input)).items;
		expect(again!.json.reused).toBe(true);
		expect(again!.binary!.data!.mimeType).toMatch(/^image\//);
	});

	it('is told in the whole prediction as well, and not summed as spent', async () => {
		await run('sandbox/tokens', '{"prompt":"a"}');
		const two = [{ json: {} }, { json: {} }];
		const options = { ...SAME, pricePerSecond: 1 };
		const { items, run: data } = await run('sandbox/tokens', '{"prompt":"a"}', options, two, {
			simplify: false,
		});
		expect(items.map(({ json }) => json.reused)).toEqual([true, true]);
		expect(data.data.resultData.runData.Replicate![0]!.hints).toEqual([
			expect.objectContaining({ message: '2 of 2 results reused; nothing was created.' }),
		]);
	});

	it.each([
		['another input', 'sandbox/tokens', '{"prompt":"b"}'],
		['an input more', 'sandbox/tokens', '{"prompt":"a","max_tokens":512}'],
		['another model', 'sandbox/says', '{"output":"1","prompt":"a"}'],
	])('makes a new one for %s', async (_what, model, input) => {
		await run('sandbox/tokens', '{"prompt":"a"}');
		await run(model, input);
		expect(created()).toBe(2);
	});

	it('makes a new one where the earlier one has failed', async () => {
		const parameters = runModel('sandbox/fail', { options: SAME });
		for (let n = 0; n < 2; n++) await world.run({ parameters });
		expect(created()).toBe(2);
	});

	it('makes a new one where the earlier one is too old, or its result is removed', async () => {
		await run('sandbox/tokens', '{"prompt":"a"}');
		world.sandbox.clock.advance(51 * 60 * 1_000);
		await run('sandbox/tokens', '{"prompt":"a"}');
		expect(created()).toBe(2);
		world.sandbox.predictions.removeData(world.sandbox.predictions.all[1]!.id);
		await run('sandbox/tokens', '{"prompt":"a"}');
		expect(created()).toBe(3);
	});

	it('makes a new one where the list still shows what is removed', async () => {
		await run('sandbox/tokens', '{"prompt":"a"}');
		const [earlier] = world.sandbox.predictions.all;
		const listed = JSON.stringify({
			next: null,
			results: [world.sandbox.predictions.toJson(earlier!, world.sandbox.baseUrl)],
		});
		world.sandbox.predictions.removeData(earlier!.id);
		world.sandbox.faults.plan('GET', /^\/v1\/predictions\?/, {
			kind: 'answer',
			status: 200,
			headers: { 'content-type': 'application/json' },
			body: listed,
		});
		const [again] = (await run('sandbox/tokens', '{"prompt":"a"}')).items;
		expect(created()).toBe(2);
		expect(again!.json).not.toHaveProperty('reused');
	});

	it('takes none of another account', async () => {
		await run('sandbox/tokens', '{"prompt":"a"}');
		const { baseUrl } = world.sandbox;
		world.engine.setCredential({ apiToken: 'r8_somebody', baseUrl });
		await run('sandbox/tokens', '{"prompt":"a"}');
		expect(created()).toBe(2);
	});

	it('takes none where two numbers only look the same in JSON', async () => {
		const seed = (digits: string) => `{"prompt":"x","image_seed":${digits}}`;
		await run('konieshadow/fooocus-api', seed('18446744073709551557'));
		await run('konieshadow/fooocus-api', seed('18446744073709551556'));
		expect(created()).toBe(2);
	});

	it('makes a new one with a warning where the list cannot be read', async () => {
		await run('sandbox/tokens', '{"prompt":"a"}');
		world.sandbox.faults.plan('GET', /^\/v1\/predictions\?/, { kind: 'answer', status: 403 });
		const result = await run('sandbox/tokens', '{"prompt":"a"}');
		expect(created()).toBe(2);
		expect(result.run.data.resultData.runData.Replicate![0]!.hints).toEqual([
			expect.objectContaining({
				message: expect.stringMatching(/^Earlier results could not be read/) as string,
			}),
		]);
	});

	it('reads a list that hangs once for all items, leaves them most of their time, and says so', async () => {
		await run('sandbox/tokens', '{"prompt":"a"}');
		world.sandbox.faults.plan('GET', /^\/v1\/predictions\?/, { kind: 'stall' }, 9);
		const items = Array.from({ length: 3 }, () => ({ json: {} }));
		const options = { ...SAME, timeout: 12, concurrency: 1 };
		const result = await run('sandbox/tokens', '{"prompt":"a"}', options, items);
		expect(created()).toBe(4);
		const lists = world.sandbox.requests.filter(({ path }) => path.startsWith('/v1/predictions?'));
		// That of the first run, and one.
		expect(lists).toHaveLength(2);
		const { hints = [] } = result.run.data.resultData.runData.Replicate![0]!;
		expect(hints[0]!.message).toMatch(/^Earlier results could not be read.* \(3 items\)$/);
	});

	it('says that a webhook was not called for what was taken', async () => {
		const options = { ...SAME, webhookUrl: 'https://example.com/hook' };
		await run('sandbox/tokens', '{"prompt":"a"}');
		const result = await run('sandbox/tokens', '{"prompt":"a"}', options);
		expect(result.items[0]!.json.reused).toBe(true);
		expect(JSON.stringify(result.run.data.resultData.runData.Replicate![0]!.hints)).toContain(
			'Options → Webhook URL was not called for results that were reused',
		);
	});

	it('is not offered, and takes nothing, where the end is not waited for', async () => {
		expect(reuse.property.displayOptions).toEqual({ show: { '/waitFor': ['result'] } });
		await run('sandbox/tokens', '{"prompt":"a"}');
		await run('sandbox/tokens', '{"prompt":"a"}', SAME, undefined, { waitFor: 'nothing' });
		expect(created()).toBe(2);
	});

	it('counts several that are taken as none against Max Predictions', async () => {
		const items = ['a', 'b', 'c'].map((prompt) => ({ json: { prompt } }));
		const input = '={{ { prompt: $json.prompt } }}';
		await run('sandbox/tokens', input, SAME, items);
		const options = { ...SAME, maxPredictions: 1 };
		const result = await run('sandbox/tokens', input, options, items);
		expect(result.items.map(({ json }) => json.reused)).toEqual([true, true, true]);
		expect(created()).toBe(3);
		const four = [...items, { json: { prompt: 'd' } }];
		await run('sandbox/tokens', input, options, four);
		expect(created()).toBe(4);
		const parameters = runModel('sandbox/tokens', { inputJson: input, options });
		const six = [...four, { json: { prompt: 'e' } }, { json: { prompt: 'f' } }];
		const { error } = await world.run({ parameters }, six);
		expect(error!.message).toContain('Max Predictions allows 1, and this run would create 2');
		expect(created()).toBeLessThanOrEqual(5);
	});

	it('counts nothing taken again against Max Predictions', async () => {
		await run('sandbox/tokens', '{"prompt":"a"}');
		const options = { ...SAME, maxPredictions: 1 };
		await run('sandbox/tokens', '{"prompt":"a"}', options);
		expect(created()).toBe(1);
	});

	describe('with files', () => {
		const uploads = () =>
			world.sandbox.requests.filter(({ method, path }) => method === 'POST' && path === '/v1/files')
				.length;
		const bytes = Buffer.alloc(2_000, 'a');
		const item = async (content = bytes, type = 'text/plain') =>
			await world.fileItem(content, 'a.txt', type);
		const send = async (one: INodeExecutionData, options: INodeParameters = {}) =>
			await run(
				'sandbox/checksum',
				'{}',
				{ ...SAME, fileRouting: 'upload', ...options },
				[one],
				fileInput('file'),
			);

		it('uploads the same bytes once, and takes the result', async () => {
			await send(await item());
			const { items } = await send(await item());
			expect(uploads()).toBe(1);
			expect(created()).toBe(1);
			expect(items[0]!.json.reused).toBe(true);
		});

		it.each([
			['other bytes of the same size', Buffer.alloc(2_000, 'b'), 'text/plain'],
			['another type', bytes, 'text/markdown'],
		])('uploads %s', async (_what, content, type) => {
			await send(await item());
			await send(await item(content, type));
			expect(uploads()).toBe(2);
			expect(created()).toBe(2);
		});

		it('uploads again what would expire before the run has ended', async () => {
			await send(await item());
			world.sandbox.clock.advance(23.5 * 60 * 60 * 1_000);
			await send(await item());
			expect(uploads()).toBe(2);
		});

		it('never takes a result for a file inside the request', async () => {
			for (let n = 0; n < 2; n++) await send(await item(), { fileRouting: 'dataUri' });
			expect(created()).toBe(2);
		});

		it('takes no stored file that it would remove', async () => {
			await send(await item());
			await send(await item(), { deleteUploads: true });
			expect(uploads()).toBe(2);
			expect(world.sandbox.files.list('sandbox')).toHaveLength(1);
		});

		it('takes no stored file that another run deletes, from whatever process', async () => {
			world.sandbox.predictions.boot = async () => await sleep(1_500);
			const parameters = (options: INodeParameters) =>
				runModel('sandbox/checksum', {
					inputJson: '{}',
					options: { fileRouting: 'upload', ...options },
					...fileInput('file'),
				});
			const other = world.start({ parameters: parameters({ deleteUploads: true }) }, [
				await item(),
			]);
			while (created() === 0) await sleep(20);
			await send(await item());
			await other.finished;
			expect(uploads()).toBe(2);
			// The one that stays is the one that was not to be deleted.
			await send(await item());
			expect(uploads()).toBe(2);
		});

		it('uploads where the list of files cannot be read', async () => {
			await send(await item());
			world.sandbox.faults.plan('GET', /^\/v1\/files$/, { kind: 'answer', status: 403 });
			await send(await item());
			expect(uploads()).toBe(2);
		});
	});
});
