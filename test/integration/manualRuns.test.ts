import type {
	INodeExecutionData,
	INodeParameters,
	JsonValue,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { hasBareExecutors } from '../../dev/engine/bareExecutors';
import { models } from '../../dev/sandbox/models';
import { readPublicModelIndex, readPublicModels } from '../../dev/sandbox/publicModels';
import { fileInput, NODE, runModel, startWorld, type Result, type World } from './world';

const EXAMPLE: INodeParameters = { manualRuns: 'example' };
const HINT =
	'This is the example from the model’s page. Nothing was created or paid. Executions that a trigger starts create predictions.';
const FLUX = 'black-forest-labs/flux-schnell';
const PROMPT = '{"prompt":"a red fox"}';

describe('Options → Manual Runs → Use the Model’s Example', () => {
	let world: World;
	beforeAll(async () => {
		world = await startWorld('filesystem');
	});
	beforeEach(() => world.sandbox.forget());
	afterAll(async () => await world.stop());

	const created = () => world.sandbox.predictions.all.length;
	/** What changes anything at Replicate: creates, cancels, uploads. */
	const writes = () => world.sandbox.requests.filter(({ method }) => method !== 'GET');
	const run = async (
		model: string,
		inputJson: string,
		more: INodeParameters = {},
		options: INodeParameters = EXAMPLE,
		items?: INodeExecutionData[],
	) => {
		const parameters = runModel(model, { inputJson, options: { ...EXAMPLE, ...options }, ...more });
		const result = await world.run({ parameters }, items);
		expect(writes()).toEqual([]);
		return result;
	};
	const good = async (...args: Parameters<typeof run>) => {
		const result = await run(...args);
		expect(result.error).toBeUndefined();
		return result;
	};
	const hintsOf = ({ run: { data } }: Result) =>
		(data.resultData.runData[NODE]![0]!.hints ?? []).map(({ message }) => message);

	it('gives the example with its files, says so in item and node, and creates nothing', async () => {
		const result = await good(FLUX, PROMPT, {}, EXAMPLE, [{ json: {} }, { json: {} }]);
		for (const { json, binary } of result.items) {
			expect(json).toMatchObject({ example: true, status: 'succeeded', model: FLUX });
			expect(await world.engine.read(binary!.data!)).toHaveLength(
				(json.files as Array<{ bytes: number }>)[0]!.bytes,
			);
		}
		expect(hintsOf(result)).toEqual([HINT]);
		// Stores overwrite files of the same name.
		const names = result.items.map(({ binary }) => binary!.data!.fileName);
		expect(new Set(names).size).toBe(2);
	});

	it.each<[WorkflowExecuteMode, number]>([
		['manual', 0],
		['trigger', 1],
		['webhook', 1],
		['integrated', 1],
		['chat', 1],
		['retry', 1],
		['error', 1],
		['cli', 1],
		['internal', 1],
		['evaluation' as WorkflowExecuteMode, 1],
	])('creates in an execution of the mode %s: %i', async (mode, count) => {
		const parameters = runModel('sandbox/tokens', { inputJson: PROMPT, options: EXAMPLE });
		const { finished } = world.start({ parameters }, undefined, undefined, mode);
		const { items, error } = world.resultOf(await finished);
		expect(error).toBeUndefined();
		expect(created()).toBe(count);
		expect(items[0]!.json.example).toBe(count === 0 ? true : undefined);
	});

	const itBare = hasBareExecutors() ? it : it.skip;
	itBare.each(['agents', 'engine-v2'] as const)('creates as a tool of %s', async (executor) => {
		const parameters = runModel('sandbox/tokens', { inputJson: PROMPT, options: EXAMPLE });
		const { status, data } = await world.callBare(executor, parameters);
		expect([status, data[0]?.json.example, created()]).toEqual(['success', undefined, 1]);
	});

	it('is off at first', async () => {
		const parameters = runModel('sandbox/tokens', { inputJson: PROMPT });
		await world.run({ parameters });
		expect(created()).toBe(1);
	});

	it('has no say in a training, which has no example', async () => {
		const parameters: INodeParameters = {
			resource: 'training',
			operation: 'create',
			...runModel('sandbox/trainable'),
			destination: 'sandbox/trained',
			inputJson: '{"input_images":"https://cdn.example.com/a.zip"}',
			options: EXAMPLE,
		};
		const { error } = await world.run({ parameters });
		// It has come to the create, which this destination refuses.
		expect(error?.message).toContain('could not find');
		expect(writes()).toHaveLength(1);
	});

	it.each([
		['an input that the model needs', 'sandbox/tokens', '{}', {}, {}, 'prompt'],
		['an input beyond its limits', FLUX, '{"prompt":"a","num_outputs":9}', {}, {}, 'num_outputs'],
		['a file that is missing', 'sandbox/thumbnail', '{}', fileInput('image'), {}, '"image"'],
		['an option', 'sandbox/tokens', PROMPT, {}, { timeout: -1 }, 'Timeout'],
		['a fallback', 'sandbox/tokens', PROMPT, {}, fallback('sandbox/nothing'), 'sandbox/nothing'],
		[
			'Max Predictions',
			'sandbox/tokens',
			PROMPT,
			{},
			{ maxPredictions: 1 },
			'allows 1, and this run would create 2',
		],
		['Max Spending without a price', 'sandbox/tokens', PROMPT, {}, { maxSpending: 1 }, 'no price'],
	] as Array<[string, string, string, INodeParameters, INodeParameters, string]>)(
		'refuses %s as a run would',
		async (_what, model, input, more, options, words) => {
			const { error } = await run(model, input, more, options, [{ json: {} }, { json: {} }]);
			expect(error?.message).toContain(words);
			const parameters = runModel(model, { inputJson: input, options, ...more });
			const real = await world.run({ parameters }, [{ json: {} }, { json: {} }]);
			expect(error).toMatchObject({ message: real.error!.message });
		},
	);

	it('sends no file that it is given, but wants it to be there', async () => {
		const item = await world.fileItem(Buffer.alloc(2_000_000), 'a.png', 'image/png');
		const more = fileInput('input_image');
		await good('black-forest-labs/flux-kontext-pro', PROMPT, more, EXAMPLE, [item]);
	});

	it.each([
		['has none', { default_example: null }],
		['has none that succeeded', { status: 'failed' }],
		['has one without an output', { output: null }],
		['has one whose output was removed', { data_removed: true }],
	])('says it where the model %s, and creates nothing', async (_what, change) => {
		const { baseUrl, token, faults } = world.sandbox;
		const address = `${baseUrl}/models/${FLUX}`;
		const headers = { authorization: `Bearer ${token}` };
		const page = (await (await fetch(address, { headers })).json()) as {
			default_example: object;
		};
		const example = { ...page.default_example, ...change };
		const body = JSON.stringify({
			...page,
			default_example: 'default_example' in change ? null : example,
		});
		const type = { 'content-type': 'application/json' };
		faults.plan('GET', /flux-schnell$/, { kind: 'answer', status: 200, headers: type, body });
		const { error } = await run(FLUX, PROMPT);
		expect(error?.message).toBe(`The model "${FLUX}" has no example that could be used [item 0]`);
		expect(error?.description).toContain('Nothing was created or paid.');
		expect(error?.description).toContain('Options → Manual Runs to Run the Model');
	});

	it('says it where its files are gone', async () => {
		world.sandbox.faults.plan('GET', /out-0\.webp/, { kind: 'answer', status: 404 }, 5);
		const { error } = await run(FLUX, PROMPT).finally(() => world.sandbox.faults.forget());
		expect(error?.message).toMatch(
			/^The example of "black-forest-labs\/flux-schnell" cannot be used: its output file could not be fetched: /,
		);
		expect(error?.description).toContain('Nothing was created or paid.');
		expect(error?.description).not.toContain('paid for');
	});

	const owned = models.filter(({ exampleInput }) => exampleInput);

	it.each([
		['short', {}, {}],
		['whole', { simplify: false }, {}],
		['in items of one file each', {}, { outputItems: 'perFile' }],
		['without downloads', { downloadFiles: false }, {}],
		['in a binary field of another name', { binaryField: 'picture' }, { outputFileName: 'fox' }],
		['right away', { waitFor: 'nothing' }, {}],
	] as Array<[string, INodeParameters, INodeParameters]>)(
		'gives items of the shape of a run: %s',
		async (_how, more, options) => {
			expect(owned.length).toBeGreaterThan(4);
			for (const { owner, name, exampleInput } of owned) {
				world.sandbox.forget();
				const model = `${owner}/${name}`;
				const input = JSON.stringify(exampleInput);
				const { items } = await good(model, input, more, options);
				const parameters = runModel(model, { inputJson: input, options, ...more });
				const real = await world.run({ parameters });
				expect(real.error).toBeUndefined();
				expect(created()).toBe(1);
				expect(items.map(shapeOf)).toEqual(real.items.map(shapeOf));
				expect(items.every(({ json }) => json.example === true)).toBe(true);
			}
		},
	);

	it('gives items of the shape of a run for public models', async () => {
		const step = 160;
		const all = (await readPublicModels()).filter(({ default_example: example }) => {
			const text = JSON.stringify(example?.input ?? {});
			return example?.status === 'succeeded' && example.output && !text.includes('http');
		});
		let compared = 0;
		for (let at = 0; at < all.length; at += step) {
			const { owner, name, default_example: example } = all[at]!;
			world.sandbox.forget();
			const inputJson = JSON.stringify(example!.input ?? {});
			const parameters = runModel(`${owner}/${name}`, { inputJson });
			const real = await world.run({ parameters });
			if (real.error) continue;
			world.sandbox.forget();
			const { items } = await good(`${owner}/${name}`, inputJson);
			expect([name, items.map(filesAndText)]).toEqual([name, real.items.map(filesAndText)]);
			compared += 1;
		}
		expect(compared).toBeGreaterThan(8);
	});

	it('costs nothing', async () => {
		const options = { prices: { values: [{ unit: 'prediction', price: 0.5 }] }, maxSpending: 1 };
		const { items } = await good(FLUX, PROMPT, {}, options as INodeParameters);
		expect(items[0]!.json.cost).toEqual({ usd: 0, parts: [] });
	});

	it('suspends nothing where a run would wait for the callback, and gives its result', async () => {
		world.engine.setInstanceUrl('https://n8n.example.com');
		const parameters = runModel(FLUX, {
			inputJson: PROMPT,
			waitFor: 'callback',
			options: EXAMPLE,
		});
		const { run: data, items, error } = await world.run({ parameters });
		expect([error, data.waitTill ?? null, created()]).toEqual([undefined, null, 0]);
		expect(items[0]!.json).toMatchObject({ example: true, status: 'succeeded' });
		expect(items[0]!.binary!.data!.mimeType).toBe('image/webp');
	});

	it('shows the text to whoever watches it grow', async () => {
		const shown: string[] = [];
		const parameters = runModel('sandbox/tokens', { inputJson: PROMPT, options: EXAMPLE });
		const { finished } = world.start({ parameters }, undefined, ({ type, content }) => {
			if (type === 'item') shown.push(String(content));
		});
		const { items } = world.resultOf(await finished);
		expect(shown.join('')).toBe(items[0]!.json.text);
		expect(created()).toBe(0);
	});

	it('finds the example of the model behind a version and a deployment', async () => {
		const deployed = await good('', PROMPT, {
			target: 'deployment',
			deployment: { __rl: true, mode: 'name', value: 'sandbox/my-tokens' },
		});
		expect(deployed.items[0]!.json).toMatchObject({ example: true, model: 'sandbox/tokens' });
		const model = 'nightmareai/real-esrgan';
		const { latest_version: version } = readPublicModelIndex().find(
			({ owner, name }) => `${owner}/${name}` === model,
		)!;
		const image = '{"image":"https://cdn.example.com/a.png"}';
		const chosen = await good(`${model}:${version.id}`, image);
		expect(chosen.items[0]!.json).toMatchObject({ example: true, model });
		// Replicate does not say whose version it is.
		const { error } = await run(version.id, image);
		expect(error?.message).toContain('has no example');
	});
});

function fallback(model: string): INodeParameters {
	return { fallbackModels: { values: [{ model }] } };
}

/** The keys and types of an item, without what only an example has. */
function shapeOf({ json, binary = {} }: INodeExecutionData): unknown {
	return {
		json: typesOf({ ...json, example: undefined }),
		binary: Object.fromEntries(
			Object.entries(binary).map(([field, { mimeType, fileExtension }]) => [
				field,
				[mimeType, fileExtension],
			]),
		),
	};
}

/** What a null, a log, metrics and addresses of the API are differs between any two predictions. */
const FREE = new Set(['metrics', 'logs', 'urls', 'input', 'deadline', 'source', 'output']);

function typesOf(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(typesOf);
	if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
	return Object.fromEntries(
		Object.entries(value).flatMap(([key, member]) =>
			FREE.has(key) ? [] : [[key, typesOf(member)]],
		),
	);
}

function filesAndText({ json, binary = {} }: INodeExecutionData): unknown {
	const { text, files } = json as { text?: JsonValue; files: Array<Record<string, unknown>> };
	return {
		keys: Object.keys(json)
			.filter((key) => key !== 'example')
			.sort(),
		text,
		files: files.map(({ field, key, mimeType, note }) => [field, key, mimeType, note]),
		binary: Object.entries(binary).map(([field, { mimeType }]) => [field, mimeType]),
	};
}
