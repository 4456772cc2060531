import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
	planSplitVersionFiles,
	planSplitVersionSchemaFiles,
	setSchemaBaseDirs,
	validateNodeConfig,
} from '@n8n/workflow-sdk';
import type { INodeListSearchResult, INodeParameters, INodePropertyOptions } from 'n8n-workflow';
import { Replicate } from '../../nodes/Replicate/Replicate.node.ts';
import { startWorld, type World } from './world';

const TYPE = 'n8n-nodes-base.replicate';
const PNG = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64',
);

/** A task as somebody gives it to the Assistant, with what the workflow has at that point. */
interface Task {
	name: string;
	/** Words for the model, as the task has them. */
	search: string;
	/** What the task gives, by what an input that takes it is called; JavaScript of an expression. */
	gives: Array<[input: RegExp, value: string]>;
	/** The incoming item has a file in its field `data`. */
	file?: [bytes: Buffer, name: string, mimeType: string];
	waitFor?: 'callback' | 'nothing';
	/** The field of the output that the next node uses. */
	uses: string;
}

const PHOTO: Task['file'] = [PNG, 'photo.png', 'image/png'];
const SOUND: Task['file'] = [Buffer.alloc(2_000, 1), 'call.mp3', 'audio/mpeg'];
const TEXT: Task['gives'][number] = [/^(prompt|text)$/, '$json.text'];
const IMAGE: Task['gives'][number] = [
	/^(input_)?image(_url|_input|s|_path)?$|^img$|^source_image$/,
	'"data"',
];

const TASKS: Task[] = [
	{ name: 'a picture from each row', search: 'flux schnell', gives: [TEXT], uses: 'files' },
	{
		name: 'a wide picture',
		search: 'flux schnell',
		gives: [TEXT, [/^aspect_ratio$/, '"16:9"']],
		uses: 'files',
	},
	{
		name: 'four pictures',
		search: 'flux schnell',
		gives: [TEXT, [/^num_outputs$/, '4']],
		uses: 'files',
	},
	{
		name: 'a caption for a form’s photo',
		search: 'caption image',
		gives: [IMAGE],
		file: PHOTO,
		uses: 'text',
	},
	{ name: 'a larger photo', search: 'upscale', gives: [IMAGE], file: PHOTO, uses: 'files' },
	{
		name: 'a photo without background',
		search: 'remove background',
		gives: [IMAGE],
		file: PHOTO,
		uses: 'files',
	},
	{
		name: 'an old photo restored',
		search: 'restore old photo',
		gives: [IMAGE],
		file: PHOTO,
		uses: 'files',
	},
	{ name: 'a text read aloud', search: 'text to speech', gives: [TEXT], uses: 'files' },
	{
		name: 'a recording as text',
		search: 'whisper',
		gives: [[/^audio(_file)?$|^file$/, '"data"']],
		file: SOUND,
		uses: 'output',
	},
	{ name: 'a summary', search: 'gpt-4o-mini', gives: [TEXT], uses: 'text' },
	{ name: 'a translation by Claude', search: 'claude', gives: [TEXT], uses: 'text' },
	{
		name: 'an answer by an open model',
		search: 'llama 3 70b instruct',
		gives: [TEXT],
		uses: 'text',
	},
	{
		name: 'a long video, with callback',
		search: 'text to video',
		gives: [TEXT],
		waitFor: 'callback',
		uses: 'files',
	},
	{
		name: 'a video of a photo',
		search: 'image to video',
		gives: [TEXT, [/image/, '"data"']],
		file: PHOTO,
		uses: 'files',
	},
	{ name: 'music', search: 'music', gives: [TEXT], uses: 'files' },
	{ name: 'the text of a scan', search: 'ocr', gives: [IMAGE], file: PHOTO, uses: 'output' },
	{
		name: 'a photo described',
		search: 'gpt-4o',
		gives: [TEXT, [/^image_input$/, '["data"]']],
		file: PHOTO,
		uses: 'text',
	},
	{
		name: 'a picture that another workflow fetches',
		search: 'flux schnell',
		gives: [TEXT],
		waitFor: 'nothing',
		uses: 'id',
	},
	{
		name: 'an edited photo',
		search: 'edit image',
		gives: [TEXT, [/image/, '"data"']],
		file: PHOTO,
		uses: 'files',
	},
];

/**
 * A scripted Assistant: it knows what n8n gives its own one, and nothing else. The methods come out of
 * the types that n8n synthesises, the model out of the list, the inputs out of the options.
 */
describe('tasks that n8n’s Assistant builds', () => {
	let world: World;
	let folder: string;
	let definition: string;
	beforeAll(async () => {
		world = await startWorld();
		folder = mkdtempSync(join(tmpdir(), 'definitions-'));
		const node = { ...new Replicate().description, name: TYPE } as never;
		definition = planSplitVersionFiles(node, 1).get('resource_prediction/operation_run.ts')!;
		for (const [file, text] of planSplitVersionSchemaFiles(node, 1)) {
			const path = join(folder, 'nodes/n8n-nodes-base/replicate/v1', file);
			mkdirSync(dirname(path), { recursive: true });
			writeFileSync(path, text);
		}
		setSchemaBaseDirs([folder]);
	});
	afterAll(async () => {
		rmSync(folder, { recursive: true });
		await world.stop();
	});

	const annotated = (annotation: string, property: string) => {
		const found = new RegExp(`@${annotation} (\\w+)[^]*?\\n\\s+(\\w+)\\?:`, 'g');
		return [...definition.matchAll(found)].find(([, , name]) => name === property)?.[1];
	};

	const inputsOf = async (model: INodeParameters) =>
		await world.inEditor<INodePropertyOptions[]>(
			`loadOptions.${annotated('loadOptionsMethod', 'modelInputs')}`,
			model,
		);

	/** What the list finds, official ones first; of all the words, or of the first one alone. */
	async function candidates(words: string): Promise<string[]> {
		const method = `listSearch.${annotated('searchListMethod', 'model')}`;
		const { results } = await world.inEditor<INodeListSearchResult>(method, {}, words);
		const [first] = words.split(' ');
		if (results.length === 0 && first !== words) return await candidates(first!);
		const official = results.filter(({ name }) => name.includes('· official'));
		return [...official, ...results].slice(0, 6).map(({ value }) => String(value));
	}

	/** Takes the first model whose needs the task meets. */
	async function built({ name: task, search, gives, waitFor }: Task): Promise<INodeParameters> {
		for (const value of await candidates(search)) {
			const model = { __rl: true, mode: 'name', value };
			const inputs = await inputsOf({ model });
			const given = new Map<string, string>();
			for (const [name, written] of gives) {
				const input = inputs.find((one) => name.test(String(one.value)));
				const isList = input?.name.includes('(list of files') && written === '"data"';
				if (input) given.set(String(input.value), isList ? `[${written}]` : written);
			}
			const needed = inputs.filter((one) => /\([^)]*\brequired\b/.test(one.name));
			const isMet = needed.every((one) => given.has(String(one.value)));
			if (given.size === 0 || !isMet) continue;
			return {
				resource: 'prediction',
				operation: 'run',
				model,
				inputJson: `={{ { ${[...given].map((entry) => entry.join(': ')).join(', ')} } }}`,
				...(waitFor ? { waitFor } : {}),
			};
		}
		throw new Error(`No model for ${task}`);
	}

	async function attempt(task: Task): Promise<string | undefined> {
		const parameters = await built(task);
		const { valid, errors } = validateNodeConfig(TYPE, 1, { parameters });
		if (!valid) return errors.map(({ message }) => message).join('; ');
		const json = { text: 'A red fox in the snow' };
		const item = task.file ? { ...(await world.fileItem(...task.file)), json } : { json };
		const execution = world.start({ parameters }, [item]);
		const { items, error } = world.resultOf(await execution.ended);
		if (error) return error.message;
		const { model } = parameters as { model: { value: string } };
		const { [task.uses]: used, output } = items[0]!.json;
		return used === undefined
			? `${model.value} gives nothing under "${task.uses}", but ${JSON.stringify(output).slice(0, 200)}`
			: undefined;
	}

	it('run at the first go, at least 18 of 20', async () => {
		const failed: string[] = [];
		for (const task of TASKS) {
			const fault = await attempt(task).catch((error: Error) => error.message);
			if (fault !== undefined) failed.push(`${task.name}: ${fault}`);
		}
		const parameters = await built(TASKS[0]!);
		const prompt = "$fromAI('prompt', 'What to draw', 'string')";
		const tool = { ...parameters, inputJson: `={{ { prompt: ${prompt} } }}` };
		const result = await world.callBare('agents', tool, [{ json: { prompt: 'A fox' } }]);
		if (result.status !== 'success') failed.push(`an agent’s tool: ${result.error}`);
		const all = TASKS.length + 1;
		process.stdout.write(`${all - failed.length} of ${all}\n${failed.join('\n')}\n`);
		expect(all).toBe(20);
		expect(failed.length).toBeLessThanOrEqual(2);
	}, 300_000);

	it('are refused by n8n’s own check where they are wrong', async () => {
		const parameters = { ...(await built(TASKS[0]!)), waitFor: 'someday' };
		expect(validateNodeConfig(TYPE, 1, { parameters }).valid).toBe(false);
	});
});
