import { versionOf } from '../../dev/sandbox/models/model';
import { fileInput, runModel, startWorld, type World } from './world';

describe('errors, as a builder sees them', () => {
	let world: World;

	beforeAll(async () => (world = await startWorld()));
	afterAll(async () => await world.stop());

	const failing = async (parameters: object) =>
		(await world.run({ parameters: parameters as never })).error!;
	const credential = (apiToken: string, baseUrl = world.sandbox.baseUrl) => ({ apiToken, baseUrl });

	it('shows the whole of a traceback beside the message that has its first and last lines', async () => {
		const lines = Array.from({ length: 60 }, (_, at) => `  File "predict.py", line ${at}, in step`);
		const words = [
			'Traceback (most recent call last):',
			...lines,
			'ValueError: no face found',
		].join('\n');
		const inputJson = JSON.stringify({ message: words });
		const { error, run } = await world.run({ parameters: runModel('sandbox/fail', { inputJson }) });
		expect(error!.message).toContain('ValueError: no face found');
		expect(error!.message.length).toBeLessThan(1_200);
		// As n8n stores it.
		const stored = JSON.parse(JSON.stringify(run.data.resultData.error)) as { context: object };
		expect(stored.context).toMatchObject({ data: words });
	});

	it('says that the token is wrong, and does not show it', async () => {
		world.engine.setCredential(credential('r8_wrong_token'));
		const { run, error } = await world.run({ parameters: runModel('sandbox/tokens') });
		world.engine.setCredential(credential(world.sandbox.token));
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: 'Replicate did not accept the API token [item 0]',
			httpCode: '401',
			description: expect.stringContaining('replicate.com/account/api-tokens'),
		});
		expect(JSON.stringify(run)).not.toContain('r8_wrong_token');
	});

	it('refuses to send the token without TLS to another machine', async () => {
		world.engine.setCredential(credential(world.sandbox.token, 'http://api.example.com/v1'));
		const error = await failing(runModel('sandbox/tokens'));
		world.engine.setCredential(credential(world.sandbox.token));
		expect(error.message).toBe(
			'The base URL of the Replicate credential must start with https:// [item 0]',
		);
	});

	it.each([
		'read ETIMEDOUT while fetching the mask',
		'getaddrinfo ENOTFOUND bucket.example.com',
		'ENOENT: no such file: weights.bin',
	])('keeps the model’s own words where n8n has others: %s', async (words) => {
		const error = await failing(
			runModel('sandbox/fail', { inputJson: JSON.stringify({ message: words }) }),
		);
		expect(error.message).toBe(`The model failed: ${words} [item 0]`);
	});

	it('names an unknown model', async () => {
		const error = await failing(runModel('nobody/nothing'));
		expect(error).toMatchObject({
			message: 'Replicate could not find the model "nobody/nothing" [item 0]',
			httpCode: '404',
			context: { itemIndex: 0 },
		});
	});

	it.each([
		['={{ "" }}', 'No model was chosen [item 0]'],
		['just words', '"just words" is not a Replicate model [item 0]'],
		['sandbox/slow:abc', '"abc" is not a version of sandbox/slow [item 0]'],
	])('explains the model "%s"', async (model, message) => {
		expect((await failing(runModel(model))).message).toBe(message);
	});

	it('lists the binary fields when the one asked for is missing', async () => {
		const item = await world.fileItem(Buffer.from('x'), 'x.png', 'image/png');
		const { error } = await world.run(
			{ parameters: runModel('sandbox/thumbnail', fileInput('image', 'photo')) },
			[item],
		);
		expect(error).toMatchObject({
			message: 'The input "image" needs a file, and the item has no binary field "photo" [item 0]',
			description: expect.stringContaining("The item's binary fields: data."),
		});
	});

	it('names the real file inputs when a row names none', async () => {
		const item = await world.fileItem(Buffer.from('x'), 'x.png', 'image/png');
		const { error } = await world.run(
			{ parameters: runModel('sandbox/thumbnail', fileInput('imgae')) },
			[item],
		);
		expect(error).toMatchObject({
			message: 'File Inputs: the model has no input "imgae" [item 0]',
			description: 'Its file inputs: image.',
		});
	});

	it('says which input Replicate refuses, and why', async () => {
		const error = await failing(
			// A bare version ID tells no schema, so only Replicate can check the input.
			runModel(versionOf({ owner: 'sandbox', name: 'slow' }), { inputJson: '{"seconds":9999}' }),
		);
		expect(error.message).toBe(
			'Replicate refused the request: seconds: Must be less than or equal to 3600 [item 0]',
		);
	});

	it('says that the JSON input is broken', async () => {
		const error = await failing(runModel('sandbox/tokens', { inputJson: '{"prompt": ' }));
		expect(error.message).toBe('Additional Inputs (JSON) is not a JSON object [item 0]');
	});

	it("gives a failing model's own words, the prediction's id and the end of its log", async () => {
		const error = await failing(
			runModel('sandbox/fail', { inputJson: '{"message":"prompt too long"}' }),
		);
		const { id } = world.sandbox.predictions.all.at(-1)!;
		expect(error.message).toBe('The model failed: prompt too long [item 0]');
		expect(error.description).toContain(id);
		expect(error.description).toContain('Traceback: prompt too long');
	});

	it('turns an HTML page of a proxy into one sentence', async () => {
		world.sandbox.faults.plan('POST', /predictions$/, {
			kind: 'answer',
			status: 403,
			headers: { 'content-type': 'text/html' },
			body: '<html><title>Attention Required! | Cloudflare</title></html>',
		});
		const error = await failing(runModel('sandbox/tokens', { inputJson: '{"prompt":"a"}' }));
		expect(error.message).toBe('Replicate refused the request (403) [item 0]');
		expect(error.description).not.toContain('<');
	});

	it("says that credit is missing, in Replicate's words too", async () => {
		world.sandbox.faults.plan('POST', /predictions$/, {
			kind: 'answer',
			status: 402,
			body: '{"title":"Insufficient credit","detail":"You have insufficient credit to run this model.","status":402}',
		});
		const error = await failing(runModel('sandbox/tokens', { inputJson: '{"prompt":"a"}' }));
		expect(error.message).toBe(
			'The Replicate account does not have enough credit to run this model [item 0]',
		);
		expect(error.description).toContain('You have insufficient credit');
	});

	describe('with several items', () => {
		const inputs = [
			{ json: { model: 'sandbox/tokens' } },
			{ json: { model: 'nobody/nothing' } },
			{ json: { model: 'sandbox/fail' } },
			{ json: { model: 'sandbox/tokens' } },
		];
		const parameters = {
			model: { __rl: true, mode: 'name', value: '={{ $json.model }}' },
			inputJson: '{"prompt":"hello"}',
		};

		it('keeps the good items when the node continues on error', async () => {
			const { run, items } = await world.run(
				{ parameters, onError: 'continueRegularOutput' },
				inputs,
			);
			expect(run.status).toBe('success');
			expect(items.map(({ json }) => json.text ?? json.error)).toEqual([
				'hello',
				'Replicate could not find the model "nobody/nothing" [item 1]',
				'The model ran out of memory: CUDA out of memory [item 2]',
				'hello',
			]);
			expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
				[0, 1, 2, 3].map((item) => ({ item })),
			);
		});

		it('sends bad items to the error output, with the prediction if there is one', async () => {
			const { items, failed } = await world.run(
				{ parameters, onError: 'continueErrorOutput' },
				inputs,
			);
			expect(items.map(({ json }) => json.text)).toEqual(['hello', 'hello']);
			expect(failed.map(({ json }) => json.model)).toEqual(['nobody/nothing', 'sandbox/fail']);
			expect(failed[1]!.json.error).toMatch(/^The model ran out of memory/);
			expect(failed[1]!.json.message).toMatchObject({
				predictionId: expect.stringMatching(/^[a-z0-9]{26}$/),
				status: 'failed',
			});
		});

		it('sends every item to the error output when the credential cannot be used', async () => {
			world.engine.setCredential(credential('x', 'not a url'));
			const { items, failed } = await world.run(
				{ parameters, onError: 'continueErrorOutput' },
				inputs,
			);
			world.engine.setCredential(credential(world.sandbox.token));
			expect(items).toEqual([]);
			expect(failed).toHaveLength(4);
		});

		it('names the finished predictions when one item ends the node', async () => {
			const { error } = await world.run(
				{ parameters: { ...parameters, options: { concurrency: 1 } } },
				inputs,
			);
			const finished = world.sandbox.predictions.all.at(-1)!;
			expect(error!.message).toContain('nobody/nothing');
			expect(error!.description).toContain(finished.id);
		});
	});

	describe('which model runs', () => {
		const text = '{"label":"x","seconds":0}';
		const version = versionOf({ owner: 'sandbox', name: 'slow' });

		it.each([
			['name', 'sandbox/slow'],
			['name', `sandbox/slow:${version}`],
			['name', version],
			['url', 'https://replicate.com/sandbox/slow'],
			['url', `https://replicate.com/sandbox/slow/versions/${version}`],
			['url', 'https://replicate.com/sandbox/slow/api?tab=node'],
		])('a community model by %s: %s', async (mode, value) => {
			const model = { __rl: true, mode, value };
			const { items, error } = await world.run({
				parameters: { model, inputJson: text },
			});
			expect(error).toBeUndefined();
			expect(items[0]!.json).toMatchObject({ text: 'done after 0 s x', version });
		});

		it('an official model by name', async () => {
			const { items } = await world.run({
				parameters: runModel('sandbox/tokens', { inputJson: '{"prompt":"hi"}' }),
			});
			expect(items[0]!.json).toMatchObject({ version: null, text: 'hi' });
		});

		it('reads a model once for many items', async () => {
			const before = world.sandbox.requests.length;
			const parameters = runModel('sandbox/tokens', { inputJson: '{"prompt":"hi"}' });
			await world.run(
				{ parameters },
				Array.from({ length: 10 }, () => ({ json: {} })),
			);
			const reads = world.sandbox.requests
				.slice(before)
				.filter(({ path }) => path.includes('/models/'));
			expect(reads).toHaveLength(1);
		});
	});
});
