import { isLanguageModel, languageModelOf } from '../../../nodes/shared/chat/languageModel';
import { readPublicModels } from '../../../dev/sandbox/publicModels';
import { documentOf, FILE, MODELS, runnable, TEXT } from './models';

describe('a language model, by its schema', () => {
	it.each<[keyof typeof MODELS, object]>([
		['llama3', { prompt: 'prompt', promptTemplate: 'prompt_template' }],
		['promptOnly', { prompt: 'prompt' }],
		['claude', { prompt: 'prompt', system: 'system_prompt', images: 'image' }],
		['gemini', { prompt: 'prompt', system: 'system_instruction', images: 'images' }],
		[
			'gpt',
			{ prompt: 'prompt', system: 'system_prompt', messages: 'messages', images: 'image_input' },
		],
		['gptText', { prompt: 'prompt', messages: 'messages' }],
		[
			'structured',
			{ prompt: 'prompt', system: 'instructions', messages: 'input_item_list', tools: 'tools' },
		],
	])('%s: its inputs', (name, expected) => {
		const found = Object.entries(MODELS[name])
			.filter(([role, input]) => !['name', 'inputs'].includes(role) && input !== undefined)
			.map(([role, input]) => [role, (input as { name: string }).name]);
		expect(Object.fromEntries(found)).toEqual(expected);
	});

	it.each<[string, object, object | undefined, string[], string]>([
		['without a prompt', { text: TEXT }, undefined, [], 'it has no input for a prompt'],
		['whose prompt is a file', { prompt: FILE }, undefined, [], 'it has no input for a prompt'],
		['that draws', { prompt: TEXT }, FILE, [], 'its output is not text'],
		['that gives objects', { prompt: TEXT }, { type: 'object' }, [], 'its output is not text'],
		['whose output is unknown', { prompt: TEXT }, {}, [], 'its output is not text'],
		[
			'that gives a list of captions',
			{ prompt: TEXT },
			{ type: 'array', items: TEXT },
			[],
			'its output is not text',
		],
		[
			'that needs a picture',
			{ prompt: TEXT, image: FILE },
			undefined,
			['prompt', 'image'],
			'it also needs image',
		],
	])('is not one %s', (_name, properties, output, required, reason) => {
		const schema = documentOf(properties, output, required);
		expect(isLanguageModel(schema)).toBe(false);
		expect(() => languageModelOf(runnable('a/b', schema))).toThrow(
			`"a/b" is not a language model: ${reason}`,
		);
	});

	it.each([
		['a text', { type: 'string' }],
		['an object with a text', { type: 'object', properties: { text: { anyOf: [TEXT] } } }],
	])('may give %s', (_name, output) => {
		expect(isLanguageModel(documentOf({ prompt: TEXT }, output))).toBe(true);
	});

	it('is taken for one with a prompt where its schema is unknown', () => {
		expect(languageModelOf(runnable('acme/private'))).toMatchObject({
			name: 'acme/private',
			prompt: { name: 'prompt' },
		});
		expect(isLanguageModel(undefined)).toBe(false);
	});

	it('is found among all public models: those that talk, and none that draws', async () => {
		const talking = (await readPublicModels())
			.filter(({ latest_version: { openapi_schema: schema } }) => isLanguageModel(schema))
			.map(({ owner, name }) => `${owner}/${name}`);
		expect(talking).toEqual(
			expect.arrayContaining([
				'meta/meta-llama-3-70b-instruct',
				'meta/meta-llama-3.1-405b-instruct',
				'mistralai/mistral-7b-v0.1',
				'ibm-granite/granite-3.1-8b-instruct',
			]),
		);
		for (const name of ['black-forest-labs/flux-schnell', 'openai/whisper', 'salesforce/blip']) {
			expect(talking).not.toContain(name);
		}
		expect(talking.length).toBeGreaterThan(200);
	});
});
