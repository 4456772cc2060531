import type { Json } from './calls';
import { sandboxWorld } from './sandboxWorld';

const LLAMA = 'meta/meta-llama-3.1-405b-instruct';
const GPT = 'openai/gpt-4o-mini';
const STRUCTURED = 'openai/gpt-5-structured';
const PNG =
	'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const user = (content: unknown) => ({ role: 'user', content });
const textOf = ({ output }: Json) => [output].flat().join('');

/** Language models of the sandbox, by what goes in and how they answer. */
describe('language models in the sandbox', () => {
	const world = sandboxWorld();

	const model = async (name: string) => (await world.calls.call('GET', `/models/${name}`)).json!;
	const run = async (name: string, input: object) => {
		const { is_official: official, latest_version: version } = await model(name);
		return await world.calls.run(official ? name : `${name}:${(version as Json).id}`, input);
	};

	describe('answer each shape of input', () => {
		const header = (role: string, text: string) =>
			`<|start_header_id|>${role}<|end_header_id|>\n\n${text}<|eot_id|>`;

		it.each<[string, string, object]>([
			['a prompt', 'deepseek-ai/deepseek-v3.1', { prompt: 'Hello' }],
			['a prompt in a template', 'meta/meta-llama-3-8b-instruct', { prompt: 'Hello' }],
			[
				'a template',
				'meta/meta-llama-3-70b-instruct',
				{ prompt: 'Hello', prompt_template: header('system', 'Be') + header('user', '{prompt}') },
			],
			['a system prompt', LLAMA, { prompt: 'Hello', system_prompt: 'Be short' }],
			[
				'turns in plain words',
				LLAMA,
				{ prompt: 'Be short\n\nUser: One\n\nAssistant: Two\n\nUser: Hello\n\nAssistant:' },
			],
			[
				'a system instruction',
				'google/gemini-2.5-flash',
				{ prompt: 'Hello', system_instruction: '' },
			],
			['messages', 'openai/gpt-4o', { messages: [user('One'), user('Hello')], prompt: 'no' }],
			['parts of a message', GPT, { messages: [user([{ type: 'text', text: 'Hello' }])] }],
			['messages as text', 'sandbox/json-messages', { messages: JSON.stringify([user('Hello')]) }],
			['one text as output', 'sandbox/whole-text', { prompt: 'Hello' }],
		])('%s: %s', async (_shape, name, input) => {
			expect(textOf(await run(name, input))).toMatch(/^You said "Hello"\./);
		});

		it('items of the Responses API', async () => {
			const { output } = await world.calls.run(STRUCTURED, { input_item_list: [user('Hello')] });
			expect(output).toMatchObject({ text: 'You said "Hello".', json_output: null });
		});

		it.each<[string, object]>([
			['anthropic/claude-4-sonnet', { prompt: 'x', image: PNG }],
			['google/gemini-2.5-flash', { prompt: 'x', images: [PNG] }],
			['openai/gpt-4o', { prompt: 'x', image_input: [PNG] }],
			[GPT, { messages: [user([{ type: 'image_url', image_url: { url: PNG } }])] }],
		])('pictures: %s', async (name, input) => {
			expect(textOf(await world.calls.run(name, input))).toContain('I see 1 image(s).');
		});

		it('messages that are no JSON: they fail', async () => {
			const failed = await world.calls.run('sandbox/json-messages', { messages: '[{' });
			expect(failed).toMatchObject({ status: 'failed', error: expect.stringContaining('JSON') });
		});
	});

	it('count tokens, and keep to limits and stop sequences', async () => {
		const limited = await world.calls.run(LLAMA, {
			prompt: 'one two three',
			system_prompt: '',
			max_tokens: 3,
		});
		expect(textOf(limited)).toBe('You said "one');
		expect(limited.metrics).toMatchObject({ input_token_count: 3, output_token_count: 3 });
		const stopped = await world.calls.run(LLAMA, {
			prompt: 'one two three',
			stop_sequences: 'x9, two',
		});
		expect(textOf(stopped).trim()).toBe('You said "one');
	});

	it('think aloud where they are asked to', async () => {
		const input = { prompt: 'Hello', thinking: 'medium' };
		expect(textOf(await world.calls.run('deepseek-ai/deepseek-v3.1', input))).toMatch(
			/^<think>[^]*<\/think>\n\nYou said/,
		);
	});

	it('are found, official, and in their collection', async () => {
		const found = (await world.calls.call('GET', '/search?query=llama&limit=50')).json!;
		const names = (found.models as Array<{ model: Json }>).map((one) => one.model.name);
		expect(names).toContain('meta-llama-3.1-405b-instruct');
		expect(await model('google/gemini-2.5-flash')).toMatchObject({ is_official: true });
		const { json } = await world.calls.call('GET', '/collections/language-models');
		const held = (json!.models as Json[]).map(
			({ owner, name }) => `${String(owner)}/${String(name)}`,
		);
		expect(held).toEqual(
			expect.arrayContaining([LLAMA, GPT, STRUCTURED, 'meta/meta-llama-3-8b-instruct']),
		);
		const official = (await world.calls.call('GET', '/collections/official')).json!
			.models as Json[];
		expect(official.map(({ name }) => name)).toEqual(
			expect.arrayContaining(['gpt-4o', 'deepseek-v3.1', 'meta-llama-3.1-405b-instruct']),
		);
	});

	describe('say what a test wants', () => {
		it('in order, each once, by model', async () => {
			world.sandbox.language.say(GPT, 'One', 'Two \n');
			world.sandbox.language.say(LLAMA, ({ prompt }) => `${String(prompt)}!`);
			const said = [];
			for (const name of [GPT, LLAMA, GPT, GPT]) {
				said.push(textOf(await world.calls.run(name, { prompt: 'Hi' })));
			}
			expect(said).toEqual(['One', 'Hi!', 'Two \n', 'You said "Hi".']);
			expect(world.sandbox.language.left(GPT)).toBe(0);
		});

		it('calls as text, or as an output of their own', async () => {
			const call = { name: 'add', arguments: { a: 1 } };
			world.sandbox.language.say(GPT, { text: 'Let me add.', toolCalls: [call] });
			expect(textOf(await world.calls.run(GPT, { prompt: 'x' }))).toBe(
				'Let me add.\n{"tool_calls":[{"name":"add","arguments":{"a":1}}]}',
			);
			world.sandbox.language.say(STRUCTURED, { toolCalls: [call] }, { toolCalls: [call] });
			expect((await world.calls.run(STRUCTURED, { prompt: 'x' })).output).toMatchObject({
				text: null,
				tool_calls: [
					{
						id: expect.stringMatching(/^call_/),
						type: 'function',
						function: { name: 'add', arguments: '{"a":1}' },
					},
				],
			});
			world.sandbox.language.callsAs = 'output';
			expect((await world.calls.run(STRUCTURED, { prompt: 'x' })).output).toMatchObject({
				output: [{ type: 'function_call', name: 'add', arguments: '{"a":1}' }],
			});
		});

		it('an object for a schema, and errors', async () => {
			const json_schema = {
				format: { type: 'json_schema', name: 'x', schema: { type: 'object' } },
			};
			world.sandbox.language.say(STRUCTURED, '{"a":1}', { error: 'E005' });
			expect(
				(await world.calls.run(STRUCTURED, { prompt: 'x', json_schema })).output,
			).toMatchObject({
				text: null,
				json_output: { a: 1 },
			});
			expect(await world.calls.run(STRUCTURED, { prompt: 'x' })).toMatchObject({
				status: 'failed',
				error: 'E005',
			});
		});

		it('until it is forgotten', async () => {
			world.sandbox.language.say(GPT, 'One');
			world.sandbox.language.breakStreams({ kind: 'cut' });
			world.sandbox.language.pace = 50;
			world.sandbox.forget();
			expect(textOf(await world.calls.run(GPT, { prompt: 'Hi' }))).toBe('You said "Hi".');
			expect(world.sandbox.language.pace).toBe(1);
			expect(world.sandbox.language.takeBreak()).toBeUndefined();
		});
	});
});
