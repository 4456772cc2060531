import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { readChatSettings } from '../../nodes/ReplicateChatModel/settings';
import { wordsOf } from '../../nodes/fields/advice';
import { chatImages } from '../../nodes/shared/chat/images';
import type { Models } from '../../nodes/shared/models/models';
import { documentOf, FILES, MODELS, runnable, TEXT } from '../unit/chat/models';
import {
	BINARIES,
	BODIES,
	CHAT,
	EITHER,
	FALLBACK,
	FIELDS,
	FILE_LIST,
	ONE_FILE,
	pageTable,
	TRAINING,
	TYPES,
	VALUES,
	type Row,
	type Way,
} from './handedOver';
import { runForm, runModel, startWorld, type World } from './world';

const MODEL = 'sandbox/unions';
const DESTINATION = 'sandbox/mine';
const INPUTS = [
	'image',
	'images',
	'reference',
	'seed',
	'style',
	'tags',
	'camera',
	'messages',
	'note',
];

/** A row of a table, with the input that it is for. */
interface Case {
	key: string;
	input: string;
	value: unknown;
	becomes: unknown;
}

const casesOf = (input: string, rows: Row[]): Case[] =>
	rows.map(([what, value, becomes], index) => ({
		key: `${input} ${index}: ${what}`,
		input,
		value,
		becomes,
	}));
const FILE_CASES = [
	...casesOf('image', ONE_FILE),
	...casesOf('images', FILE_LIST),
	...casesOf('reference', EITHER),
];
const VALUE_CASES = VALUES.flatMap(([input, ...row], index) =>
	casesOf(input, [row]).map((one) => ({ ...one, key: `${one.key} (${index})` })),
);

/** What became of an item: what reached the API, or the words of its error. */
interface Outcome {
	sent?: Record<string, unknown>;
	/** Whether anything was created for it. */
	isPaid: boolean;
	words?: string;
}

describe('the tables', () => {
	it('have 150 rows and more', () => {
		const tables = [
			ONE_FILE,
			FILE_LIST,
			EITHER,
			VALUES,
			BODIES,
			TRAINING,
			FALLBACK,
			BINARIES,
			TYPES,
			CHAT,
		];
		expect(tables.flat().length).toBeGreaterThanOrEqual(150);
	});

	it('are on the page of inputs (WRITE_PAGES=1 writes them anew)', () => {
		const path = resolve(__dirname, '../../docs/inputs.md');
		const page = readFileSync(path, 'utf8');
		const [before, , after] = page.split(/(?<=<!-- inputs -->)|(?=<!-- \/inputs -->)/);
		const now = `${before}\n\n${pageTable()}\n\n${after}`;
		if (process.env.WRITE_PAGES) writeFileSync(path, now);
		else expect(page).toBe(now);
	});
});

describe.each(['filesystem', 'default'] as const)('what is handed over, in %s mode', (mode) => {
	let world: World;
	let fields: NonNullable<INodeExecutionData['binary']>;

	beforeAll(async () => {
		world = await startWorld(mode);
		await world.run({
			parameters: {
				resource: 'model',
				operation: 'create',
				modelName: DESTINATION,
				hardware: 'cpu',
			},
		});
		fields = {};
		for (const [name, fileName] of FIELDS) {
			fields[name] = await world.engine.keep(Buffer.from(name), fileName, 'image/png');
		}
	});
	afterAll(async () => await world.stop());

	/** A data URI of one of the item's files as its field's name, and anything else as it was sent. */
	const shown = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.map(shown);
		const [, base64] = /^data:image\/png;base64,(.+)$/.exec(String(value)) ?? [];
		const text = base64 && String(Buffer.from(base64, 'base64'));
		return FIELDS.some(([name]) => name === text) ? `<${text}>` : value;
	};

	/**
	 * Runs all items at once, and tells what became of each.
	 *
	 * @param isOf whether an input that was sent is that of an item
	 */
	async function outcomes(
		parameters: INodeParameters,
		items: INodeExecutionData[],
		isOf = (input: Record<string, unknown>, { key }: IDataObject) =>
			input.prompt === key && input.message !== says(String(key)),
	): Promise<Map<string, Outcome>> {
		world.sandbox.forget();
		const options = { concurrency: 50, ...(parameters.options as INodeParameters) };
		const { items: given, error } = await world.run(
			{
				parameters: { waitFor: 'nothing', ...parameters, options },
				onError: 'continueRegularOutput',
			},
			items,
		);
		expect(error).toBeUndefined();
		const all = new Map<string, Outcome>();
		const { predictions, trainings } = world.sandbox;
		const sent = [...predictions.all, ...trainings.all].map(({ input }) => input);
		given.forEach(({ json, pairedItem }) => {
			const { item } = pairedItem as { item: number };
			const key = String(items[item]!.json.key);
			const { description = '' } = (json.details ?? {}) as { description?: string };
			all.set(key, {
				sent: sent.find((input) => isOf(input, items[item]!.json)),
				// A model that fails says which item it was for.
				isPaid: sent.some((input) => isOf(input, items[item]!.json) || input.message === says(key)),
				...(json.error ? { words: `${String(json.error)} ${description}` } : {}),
			});
		});
		expect(all.size).toBe(items.length);
		return all;
	}

	/** Checks that what became of each row is what its table says. */
	function check(all: Map<string, Outcome>, cases: Case[]): void {
		const wrong = cases.flatMap(({ key, input, becomes }): object[] => {
			const { sent, isPaid, words } = all.get(key)!;
			const isRefusal = typeof becomes === 'string' && becomes.startsWith('✗ ');
			if (isRefusal) {
				const isRefused = !isPaid && words?.includes(becomes.slice(2));
				return isRefused ? [] : [{ key, becomes, words, sent: shown(sent?.[input]) }];
			}
			const got = shown(sent?.[input]);
			// Replicate takes null for nothing where a schema says so.
			const isRight = sent !== undefined && json(got ?? undefined) === json(becomes);
			return isRight ? [] : [{ key, becomes, got, words }];
		});
		expect(wrong).toEqual([]);
		expect(world.sandbox.files.list('sandbox')).toEqual([]);
	}

	const itemOf = ({ key, input, value }: Case): INodeExecutionData => ({
		json: { key, input: { [input]: value } } as never,
		binary: fields,
	});

	const PARAMETERS: Record<Exclude<Way, 'files'>, INodeParameters> = {
		form: runModel(MODEL, {
			inputFields: {
				mappingMode: 'defineBelow',
				value: {
					prompt: '={{ $json.key }}',
					...Object.fromEntries(INPUTS.map((name) => [name, `={{ $json.input.${name} }}`])),
				},
			} as never,
		}),
		json: runModel(MODEL, { inputJson: '={{ ({ prompt: $json.key, ...$json.input }) }}' }),
	};

	it.each(['form', 'json'] as const)('files and values, by %s', async (way) => {
		const cases = [...FILE_CASES, ...VALUE_CASES];
		check(await outcomes(PARAMETERS[way], cases.map(itemOf)), cases);
	});

	it.each(['image', 'images', 'reference'])('files by File Inputs, for %s', async (input) => {
		const cases = FILE_CASES.filter((one) => one.input === input);
		const parameters = runModel(MODEL, {
			inputJson: '={{ ({ prompt: $json.key }) }}',
			fileInputs: { values: [{ input, binaryFields: `={{ $json.input.${input} }}` }] },
		});
		const named = cases.map((one) =>
			// A row that names an input and no file is one that somebody forgot.
			one.becomes === undefined ? { ...one, becomes: '✗ names no binary field' } : one,
		);
		check(await outcomes(parameters, named.map(itemOf)), named);
	});

	/** A training, which has no text of its own: `steps` says which item it was for, unless that is tried. */
	it.each(['form', 'json', 'files'] as const)('a training’s inputs, by %s', async (way) => {
		const rows: Array<[string, ...Row]> = [
			...TRAINING,
			// A training costs the sandbox more than a prediction: the whole table goes one way.
			...(way === 'json' ? ONE_FILE : []).map((row): [string, ...Row] => ['input_images', ...row]),
		];
		const cases = rows
			.map(([input, what, value, becomes], index) => ({
				key: `${index}: ${what}`,
				input,
				value,
				becomes: becomes === undefined ? '✗ "input_images" is required' : becomes,
			}))
			.filter(({ input }) => way !== 'files' || input === 'input_images')
			.map((one) =>
				way === 'files' && String(one.becomes).includes('is required')
					? { ...one, becomes: '✗ names no binary field' }
					: one,
			);
		const items = cases.map(({ key, input, value }, index) => ({
			json: {
				key,
				id: index + 1,
				input: input === 'steps' ? { steps: value } : { steps: index + 1, [input]: value },
			} as never,
			binary: fields,
		}));
		const isSteps = (key: unknown) => cases.find((one) => one.key === key)!.input === 'steps';
		const input = way === 'files' ? '={{ ({ steps: $json.id }) }}' : '={{ $json.input }}';
		const byForm = {
			mappingMode: 'defineBelow',
			value: { steps: '={{ $json.input.steps }}', input_images: '={{ $json.input.input_images }}' },
		};
		for (const isTried of [false, true]) {
			const some = items.filter(({ json }) => isSteps((json as IDataObject).key) === isTried);
			// Where the number is tried, the file says which item it was for.
			const file = (id: unknown) => `https://cdn.example.com/${String(id)}.zip`;
			for (const { json } of isTried ? some : []) {
				const { id, input: its } = json as { id: number; input: IDataObject };
				its.input_images = file(id);
			}
			if (some.length === 0) continue;
			const all = await outcomes(
				{
					resource: 'training',
					operation: 'create',
					model: { __rl: true, mode: 'name', value: 'sandbox/trainable' },
					destination: DESTINATION,
					...(way === 'form' ? { inputFields: byForm as never } : { inputJson: input }),
					...(way === 'files'
						? {
								fileInputs: {
									values: [
										{ input: 'input_images', binaryFields: '={{ $json.input.input_images }}' },
									],
								},
							}
						: {}),
				},
				some,
				(sent, { id }) => (isTried ? sent.input_images === file(id) : sent.steps === id),
			);
			check(
				all,
				cases.filter(({ input: name }) => (name === 'steps') === isTried),
			);
		}
	});

	const failing = (form: object, inputJson: string, more: INodeParameters = {}) =>
		runForm(
			'sandbox/fail',
			{ message: '={{ $json.message }}', ...form },
			{
				waitFor: 'result',
				options: { fallbackModels: { values: [{ model: MODEL, inputJson }] } },
				...more,
			},
		);

	it('a fallback model’s Inputs (JSON)', async () => {
		// It runs to its end, and no public address can be fetched here.
		const isFetched = ({ becomes }: Case) => JSON.stringify(becomes ?? null).includes('"https:');
		const files = FILE_CASES.filter((one) => !isFetched(one));
		const cases = [...files, ...VALUE_CASES];
		const parameters = failing({}, '={{ ({ prompt: $json.key, ...$json.input }) }}');
		const items = cases.map((one) => {
			const item = itemOf(one);
			return { ...item, json: { ...item.json, message: says(one.key) } };
		});
		check(await outcomes(parameters, items), cases);
	});

	it('a fallback model’s inputs beside those of the form', async () => {
		const cases = FALLBACK.map(([what, form, own, becomes], index) => {
			const key = `fallback ${index}: ${what}`;
			const [input = 'image'] = typeof becomes === 'string' ? [] : Object.keys(becomes);
			const value = typeof becomes === 'string' ? becomes : becomes[input];
			return { key, form, own, input, becomes: value, value: own };
		});
		const items = cases.map(({ key, form, own }) => ({
			json: { key, own, message: says(key), form } as never,
			binary: fields,
		}));
		const parameters = failing(
			{
				prompt: '={{ $json.key }}',
				...Object.fromEntries(['image', 'seed'].map((name) => [name, `={{ $json.form.${name} }}`])),
			},
			'={{ $json.own }}',
			// The first model has none of these inputs, and the form keeps only its own.
			{ inputJson: '={{ ({ prompt: $json.key, ...$json.form, message: $json.message }) }}' },
		);
		check(await outcomes(parameters, items), cases);
	});

	it('whole bodies', async () => {
		const cases = BODIES.map(([what, value, becomes], index) => {
			const key = `body ${index}: ${what}`;
			return { key, value: value(key), becomes: becomes(key) };
		});
		const items = cases.map(({ key, value }) => ({ json: { key, value } as never }));
		const all = await outcomes(runModel(MODEL, { inputJson: '={{ $json.value }}' }), items);
		for (const { key, becomes } of cases) {
			const { sent, words } = all.get(key)!;
			if (typeof becomes !== 'string')
				expect({ key, sent, words }).toMatchObject({ sent: becomes });
			else
				expect({ key, sent, words }).toMatchObject({
					words: expect.stringContaining(becomes.slice(2)),
				});
			if (typeof becomes === 'string') expect(sent).toBeUndefined();
		}
	});

	it('what a Code node puts under binary', async () => {
		const cases = BINARIES.map(([what, , becomes], index) => ({
			key: `binary ${index}: ${what}`,
			input: 'image',
			value: 'x',
			becomes,
		}));
		const items = cases.map((one, index) => ({
			...itemOf(one),
			binary: BINARIES[index]![1] as never,
		}));
		check(await outcomes(PARAMETERS.json, items), cases);
	});

	it('the type that a file is sent under', async () => {
		const items: INodeExecutionData[] = [];
		for (const [says, fileName, bytes, sent] of TYPES) {
			const key = `${says} ${fileName} ${sent}`;
			const photo = await world.engine.keep(bytes, fileName, says);
			items.push({ json: { key, input: { image: 'photo' } }, binary: { photo } });
		}
		const all = await outcomes(PARAMETERS.json, items);
		const types = TYPES.map(([says, fileName, , sent]) => {
			const address = String(all.get(`${says} ${fileName} ${sent}`)?.sent?.image);
			return /^data:(.*);base64,/.exec(address)?.[1];
		});
		expect(types).toEqual(TYPES.map(([, , , sent]) => sent));
	});

	it('a form that takes the item’s fields by their names', async () => {
		const inputFields = { mappingMode: 'autoMapInputData', value: null } as never;
		const items = [
			{
				json: { key: 'mapped', prompt: 'mapped', seed: '7', image: 'data', other: 1 },
				binary: fields,
			},
			{ json: { key: 'nothing fits', text: 'a fox' } },
		];
		const all = await outcomes(runModel(MODEL, { inputFields }), items);
		expect(all.get('mapped')!.sent).toMatchObject({ prompt: 'mapped', seed: 7 });
		expect(shown(all.get('mapped')!.sent!.image)).toBe('<data>');
		expect(all.get('nothing fits')).toMatchObject({
			sent: undefined,
			words: expect.stringContaining('none of them is an input of the model'),
		});
	});

	it.each(['', '  ', null, [], undefined])(
		'%j for the only file that a model needs takes the item’s only file, or is refused',
		async (value) => {
			for (const way of ['form', 'json', 'files']) {
				const given = '={{ $json.value }}';
				const parameters = runModel('sandbox/thumbnail', {
					...(way === 'form'
						? { inputFields: { mappingMode: 'defineBelow', value: { image: given } } as never }
						: {}),
					...(way === 'json' ? { inputJson: '={{ ({ image: $json.value }) }}' } : {}),
					...(way === 'files'
						? { fileInputs: { values: [{ input: 'image', binaryFields: given }] } }
						: {}),
				});
				world.sandbox.forget();
				const { data } = fields;
				const one = { json: { value } as never, binary: { data: data! } };
				const two = { json: { value } as never, binary: fields };
				const settings = {
					parameters: { ...parameters, waitFor: 'nothing' },
					onError: 'continueRegularOutput' as const,
				};
				const { items } = await world.run(settings, [one, two]);
				const sent = world.sandbox.predictions.all.map(({ input }) => shown(input.image));
				expect({ way, sent }).toEqual({ way, sent: ['<data>'] });
				expect(String(items[1]!.json.error)).toMatch(
					/The input "image" is required|names no binary field/,
				);
			}
		},
	);
});

describe('the images of a chat', () => {
	it.each(CHAT)('%s', async (_what, text, becomes) => {
		const model = runnable('openai/gpt-5', documentOf({ prompt: TEXT, image_input: FILES }));
		const models = { runnable: async () => await Promise.resolve(model) } as unknown as Models;
		const from = {
			parameter: (name: string, fallback: unknown) =>
				name.endsWith('imageUrls') ? text : name === 'model' ? 'a/b' : fallback,
		};
		const read = async () => {
			const settings = await readChatSettings(from, models);
			const baseUrl = new URL('https://api.replicate.com/v1');
			const { files } = await chatImages(MODELS.gpt, settings.images, baseUrl);
			return await Promise.all(
				files[0]!.values.map(async (value) =>
					value.kind === 'text'
						? value.text
						: `data:${value.file.mimeType};base64,${(await value.file.read()).toString('base64')}`,
				),
			);
		};
		const isRefusal = typeof becomes === 'string';
		const result = await read().catch((error: unknown) => {
			const { message, description = '' } = wordsOf(error);
			return `${message} ${description}`;
		});
		if (isRefusal) expect(result).toContain(becomes.slice(2));
		else expect(result).toEqual(becomes);
	});
});

/** What a model fails with that runs for an item: that it is out of service. */
function says(key: string): string {
	return `Service is currently unavailable for ${key}. (E004) (abc)`;
}

/** JSON in which whole numbers above 2^53 are as near as JavaScript can hold them. */
function json(value: unknown): string | undefined {
	const near = typeof value === 'bigint' ? Number(value) : value;
	return JSON.stringify(near);
}
