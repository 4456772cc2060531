import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { fileInput, runForm, runModel, startWorld, type World } from './world';

describe('Options → Fallback Models', () => {
	let world: World;
	beforeEach(async () => {
		world = await startWorld();
	});
	afterEach(async () => await world.stop());

	const to = (...values: INodeParameters[]): INodeParameters => ({
		options: { fallbackModels: { values } },
	});
	const tokens = { model: 'sandbox/tokens', inputJson: '{"prompt":"from the second"}' };
	const failing = (message: string, more: INodeParameters = to(tokens)) =>
		runModel('sandbox/fail', { inputJson: JSON.stringify({ message }), ...more });
	const ran = () =>
		world.sandbox.predictions.all.map(({ model }) => `${model.owner}/${model.name}`);
	const posts = () => world.sandbox.requests.filter(({ method }) => method === 'POST').length;

	it.each([
		'(E001) (abc)',
		'(E002) (abc)',
		'Service is currently unavailable due to high demand. (E003) (abc)',
		'(E004) (abc)',
		'Timeout starting prediction (E6716)',
		'Director: health check failed (E8765)',
		'Prediction interrupted; please retry (code: PA)',
	])('run where the model is out of service: %s', async (message) => {
		const { items, error } = await world.run({ parameters: failing(message) });
		expect(error).toBeUndefined();
		const [first] = world.sandbox.predictions.all;
		expect(items[0]!.json).toMatchObject({
			model: 'sandbox/tokens',
			text: 'from the second',
			modelsTried: [
				{
					model: 'sandbox/fail',
					predictionId: first!.id,
					error: expect.stringContaining(message) as string,
				},
			],
		});
	});

	it.each([
		'The input or output was flagged as sensitive. Please try again with different inputs. (E005)',
		'NSFW content detected',
		'CUDA out of memory (E1001)',
		'prompt too long',
		'Error starting prediction (E9243)',
		'Failed to upload output file (E9825)',
		'Prediction timed out',
	])('do not run after any other failure: %s', async (message) => {
		const { error } = await world.run({ parameters: failing(message) });
		expect(error!.message).toContain(message);
		expect(ran()).toEqual(['sandbox/fail']);
	});

	it('do not run where it is not known whether a prediction was created', async () => {
		world.sandbox.faults.plan('POST', /\/predictions$/, { kind: 'cutAfter' });
		world.sandbox.predictions.shown.listLateMs = () => 60_000;
		const { error } = await world.run({ parameters: failing('(E004)') });
		expect(error!.message).toContain('it is not known whether the prediction was created');
		expect(ran()).toEqual(['sandbox/fail']);
	});

	it.each([
		[402, 'enough credit'],
		[422, 'refused'],
	])('do not run where Replicate refuses the create with %s', async (status, words) => {
		world.sandbox.faults.plan('POST', /\/predictions$/, { kind: 'answer', status });
		const { error } = await world.run({ parameters: failing('(E004)') });
		expect(error!.message).toContain(words);
		expect(ran()).toEqual([]);
	});

	it('do not run when the time is up', async () => {
		const options = { ...(to(tokens).options as INodeParameters), timeout: 1 };
		const parameters = runModel('sandbox/slow', { inputJson: '{"seconds":20}', options });
		const { error } = await world.run({ parameters });
		expect(error!.message).toContain('not finished within the time limit');
		expect(ran()).toEqual(['sandbox/slow']);
	});

	it('are not there while the model works', async () => {
		const parameters = runModel('sandbox/tokens', {
			inputJson: '{"prompt":"first"}',
			...to(tokens),
		});
		const { items } = await world.run({ parameters });
		expect(items[0]!.json).toMatchObject({ text: 'first' });
		expect(items[0]!.json).not.toHaveProperty('modelsTried');
	});

	it('are tried in turn, and the item says why each did not', async () => {
		const second = { model: 'sandbox/fail', inputJson: '{"message":"second (E004)"}' };
		const { items } = await world.run({
			parameters: failing('first (E003)', to(second, tokens)),
		});
		expect(items[0]!.json).toMatchObject({
			text: 'from the second',
			modelsTried: [
				{ error: expect.stringContaining('first (E003)') as string },
				{ error: expect.stringContaining('second (E004)') as string },
			],
		});
	});

	it('leave the last one’s error, with what was tried before it', async () => {
		const second = { model: 'sandbox/fail', inputJson: '{"message":"no such voice"}' };
		const { items } = await world.run({
			parameters: failing('first (E003)', to(second, tokens)),
			onError: 'continueRegularOutput',
		});
		expect(items[0]!.json.error).toBe('The model failed: no such voice [item 0]');
		expect(items[0]!.json.details).toMatchObject({
			modelsTried: [{ model: 'sandbox/fail', error: expect.stringContaining('(E003)') as string }],
		});
		expect(ran()).toEqual(['sandbox/fail', 'sandbox/fail']);
	});

	it('take from the same form and files whatever they have inputs for', async () => {
		const image = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
		const item = await world.fileItem(image, 'a.svg', 'image/svg+xml');
		const parameters = runForm(
			'sandbox/fail',
			{ message: '(E004)' },
			{
				...to({ model: 'sandbox/thumbnail', inputJson: '{"format":"png"}' }),
				inputJson: '{"width":5,"nothing":1}',
			},
		);
		const { items } = await world.run({ parameters }, [item]);
		const { input } = world.sandbox.predictions.all[1]!;
		expect(input).toEqual({
			width: 5,
			format: 'png',
			image: expect.stringMatching(/^data:image\/svg/) as string,
		});
		expect(items[0]!.binary!.data!.mimeType).toBe('image/png');
	});

	it('leave out files that are for another model’s inputs', async () => {
		const image = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
		const item = await world.fileItem(image, 'a.svg', 'image/svg+xml');
		const parameters = runModel('sandbox/thumbnail', { ...to(tokens), ...fileInput('image') });
		const { items, error } = await world.run({ parameters }, [item]);
		expect(error).toBeUndefined();
		expect(items[0]!.json.model).toBe('sandbox/thumbnail');
	});

	it.each([
		[
			'a model that is not there',
			[{ model: 'nobody/nothing' }],
			/nobody\/nothing: Replicate could not find/,
		],
		['no model', [{ model: ' ' }], /Options → Fallback Models: No model was chosen/],
		[
			'an input that it does not take',
			[{ ...tokens, inputJson: '{"prompt":"a","max_tokens":0}' }],
			/sandbox\/tokens: The input "max_tokens" must be/,
		],
		[
			'an input that is missing',
			[{ model: 'sandbox/tokens' }],
			/sandbox\/tokens: The input "prompt" is required/,
		],
		['broken JSON', [{ ...tokens, inputJson: '{' }], /Inputs \(JSON\) is not a JSON object/],
		['too many', [tokens, tokens, tokens], /takes up to 2 models, and has 3/],
	])('refuse the run before anything is sent: %s', async (_what, rows, words) => {
		const { error } = await world.run({ parameters: failing('(E004)', to(...rows)) });
		expect(error!.message).toMatch(words);
		expect(posts()).toBe(0);
	});

	it('count against Max Predictions', async () => {
		const options = { ...(to(tokens).options as INodeParameters), maxPredictions: 1 };
		const { error } = await world.run({ parameters: failing('(E004)', { options }) });
		expect(error!.message).toContain(
			'Options → Max Predictions allows 1, and this run would create 2, 1 of them created already',
		);
		expect(ran()).toEqual(['sandbox/fail']);
	});

	it('are collected at the next try, and neither model is paid for again', async () => {
		const items: INodeExecutionData[] = [
			{ json: { message: 'gone (E004)' } },
			{ json: { message: 'broken for good' } },
		];
		const { error } = await world.run(
			{
				parameters: runModel('sandbox/fail', {
					inputJson: '={{ { message: $json.message } }}',
					options: { ...(to(tokens).options as INodeParameters), concurrency: 1 },
				}),
				tries: 2,
			},
			items,
		);
		expect(error!.message).toContain('broken for good');
		expect(ran()).toEqual(['sandbox/fail', 'sandbox/tokens', 'sandbox/fail', 'sandbox/fail']);
	});

	it('are collected when a failed execution is retried by hand', async () => {
		const items: INodeExecutionData[] = [
			{ json: { message: 'gone (E004)' } },
			{ json: { message: 'broken for good' } },
		];
		const settings = {
			parameters: runModel('sandbox/fail', {
				inputJson: '={{ { message: $json.message } }}',
				options: { ...(to(tokens).options as INodeParameters), concurrency: 1 },
			}),
		};
		const { run } = await world.run(settings, items);
		await world.retry(run, settings).finished;
		expect(ran()).toEqual(['sandbox/fail', 'sandbox/tokens', 'sandbox/fail', 'sandbox/fail']);
	});
});
