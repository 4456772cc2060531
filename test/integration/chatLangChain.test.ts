import {
	AIMessage,
	HumanMessage,
	ToolMessage,
	type AIMessageChunk,
} from '@langchain/core/messages';
import type { BaseMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import type { INodeParameters } from 'n8n-workflow';
import { z } from 'zod';
import * as z4 from 'zod/v4';
import { startChatWorld, type ChainStep, type ChatWorld } from './chatWorld';

const GPT = 'openai/gpt-4o-mini';
const CLAUDE = 'anthropic/claude-4-sonnet';
const STRUCTURED = 'openai/gpt-5-structured';

const make = (name: string) =>
	tool(() => 'done', { name, description: name, schema: z.object({ a: z.number() }) });
const TOOLS = [make('add'), make('subtract')];

/** What LangChain promises of a chat model, beside what chatConformity.test.ts has. */
describe('the Replicate Chat Model, as LangChain calls it', () => {
	let world: ChatWorld;
	beforeAll(async () => {
		world = await startChatWorld();
	});
	afterEach(() => world.sandbox.forget());
	afterAll(async () => await world.stop());

	const run = async (model: string, step: ChainStep, options?: INodeParameters) =>
		await world.run({ model, options }, step);
	const sent = () => world.sandbox.predictions.all.map(({ input }) => input);
	const say = (model: string, name: string) =>
		world.sandbox.language.say(model, { toolCalls: [{ name, arguments: { a: 1 } }] });

	it('gives text alone as a text, whole and in chunks', async () => {
		const { answers } = await run(GPT, async (model) => {
			const { content } = await model.invoke('Hello');
			const chunks: unknown[] = [];
			for await (const chunk of await model.stream('Hello')) chunks.push(chunk.content);
			return [typeof content, [...new Set(chunks.map((chunk) => typeof chunk))]];
		});
		expect(answers).toEqual([['string', ['string']]]);
	});

	describe('which tool is called', () => {
		const callsWith = async (choice: unknown) => {
			const { answers, error } = await run(STRUCTURED, async (model) => {
				const bound = model.bindTools!(TOOLS, { tool_choice: choice as never });
				const { tool_calls: calls } = (await bound.invoke('Go')) as AIMessage;
				return calls?.map(({ name }) => name);
			});
			if (error) throw new Error(error.message);
			return answers[0];
		};
		const offered = () =>
			sent().map(({ tools }) => ((tools ?? []) as Array<{ name: string }>).map(({ name }) => name));

		it.each([['auto'], [undefined]])('is the model’s choice with %j', async (choice) => {
			world.sandbox.language.say(STRUCTURED, 'No tool');
			expect(await callsWith(choice)).toEqual([]);
			expect(offered()).toEqual([['add', 'subtract']]);
		});

		it.each([['any'], ['required'], [{ type: 'any' }]])(
			'is one at least with %j',
			async (choice) => {
				world.sandbox.language.say(STRUCTURED, 'No tool');
				say(STRUCTURED, 'subtract');
				expect(await callsWith(choice)).toEqual(['subtract']);
				expect(sent()).toHaveLength(2);
			},
		);

		it.each([
			['add'],
			[{ type: 'function', function: { name: 'add' } }],
			[{ type: 'tool', name: 'add' }],
		])('is this one with %j', async (choice) => {
			say(STRUCTURED, 'add');
			expect(await callsWith(choice)).toEqual(['add']);
			expect(offered()).toEqual([['add']]);
		});

		it('is none with "none"', async () => {
			expect(await callsWith('none')).toEqual([]);
			expect(offered()).toEqual([[]]);
		});

		it('is an error where the model never calls the one that it must', async () => {
			world.sandbox.language.say(STRUCTURED, 'No', 'No');
			await expect(callsWith('any')).rejects.toThrow('the answer calls none');
		});
	});

	describe('an object in place of words', () => {
		const PERSON = { name: 'Ada', born: 1815 };
		const answer = () =>
			world.sandbox.language.say(STRUCTURED, {
				toolCalls: [{ name: 'person', arguments: PERSON }],
			});

		it.each<[string, object]>([
			['zod 3', z.object({ name: z.string(), born: z.number() })],
			['zod 4', z4.object({ name: z4.string(), born: z4.number() })],
			[
				'JSON schema',
				{ type: 'object', properties: { name: { type: 'string' }, born: { type: 'number' } } },
			],
		])('comes by %s', async (_name, schema) => {
			answer();
			const { answers, error } = await run(
				STRUCTURED,
				async (model) =>
					await model.withStructuredOutput(schema, { name: 'person' }).invoke('Who?'),
			);
			expect(error).toBeUndefined();
			expect(answers).toEqual([PERSON]);
			const [{ tools }] = sent() as [{ tools: Array<{ parameters: object }> }];
			expect(tools[0]!.parameters).toMatchObject({
				type: 'object',
				properties: { name: { type: 'string' }, born: { type: 'number' } },
			});
		});

		it('comes with the message, where that is wanted', async () => {
			answer();
			const { answers } = await run(STRUCTURED, async (model) => {
				const schema = z.object({ name: z.string(), born: z.number() });
				const config = { name: 'person', includeRaw: true } as const;
				const { raw, parsed } = await model.withStructuredOutput(schema, config).invoke('Who?');
				return { calls: (raw as AIMessage).tool_calls?.length, parsed };
			});
			expect(answers).toEqual([{ calls: 1, parsed: PERSON }]);
		});
	});

	it('offers a function without parameters as one that takes an empty object', async () => {
		await run(STRUCTURED, async (model) => {
			const ping = { type: 'function', function: { name: 'ping' } };
			await model.bindTools!([ping]).invoke('Hello');
			return '';
		});
		expect(sent()[0]!.tools).toEqual([
			{ type: 'function', name: 'ping', parameters: { type: 'object', properties: {} } },
		]);
	});

	it('ends an answer at a stop text, whether the model takes one or not', async () => {
		world.sandbox.language.say(CLAUDE, 'One. END Two.', 'One. END Two.');
		const { answers } = await run(CLAUDE, async (model) => {
			const whole = await model.invoke('Hello', { stop: ['END'] });
			let streamed = '';
			for await (const chunk of await model.stream('Hello', { stop: ['END'] })) {
				streamed += (chunk as AIMessageChunk).text;
			}
			return [whole.text, streamed];
		});
		expect(answers).toEqual([['One. ', 'One. ']]);
	});

	it('answers a batch, each question once', async () => {
		const { answers } = await run(GPT, async (model) =>
			(await model.batch(['One', 'Two', 'Three'])).map(({ text }) => text),
		);
		expect(answers).toEqual([['You said "One".', 'You said "Two".', 'You said "Three".']]);
		expect(sent()).toHaveLength(3);
	});

	it('tells callbacks what was used', async () => {
		const { answers } = await run(GPT, async (model) => {
			const used: unknown[] = [];
			const handleLLMEnd = ({ llmOutput }: { llmOutput?: object }) => void used.push(llmOutput);
			const { usage_metadata: usage } = await model.invoke('Hello', {
				callbacks: [{ handleLLMEnd }],
			});
			return { used, usage };
		});
		const usage = { input_tokens: expect.any(Number), output_tokens: expect.any(Number) };
		expect(answers).toEqual([
			{
				used: [expect.objectContaining({ tokenUsage: expect.objectContaining(usage) })],
				usage: expect.objectContaining(usage),
			},
		]);
	});

	it('sends whole pairs of calls and results, wherever a memory has cut', async () => {
		const messages: BaseMessage[] = [
			new ToolMessage({ content: '3', tool_call_id: 'gone' }),
			new AIMessage(''),
			new HumanMessage('And now?'),
			new AIMessage({ content: '', tool_calls: [{ id: 'late', name: 'add', args: {} }] }),
		];
		await run(STRUCTURED, async (model) => {
			await model.bindTools!(TOOLS).invoke(messages);
			return '';
		});
		expect(sent()[0]!.input_item_list).toEqual([
			{ role: 'user', content: 'Result of a tool:\n3' },
			{ role: 'user', content: 'And now?' },
		]);
	});

	describe('a part of a message that is neither text nor image', () => {
		const ask = async (part: object) =>
			await run(GPT, async (model) => {
				const content = [{ type: 'text', text: 'What is it?' }, part] as never;
				return (await model.invoke([new HumanMessage({ content })])).text;
			});

		it.each<[string, object, string]>([
			[
				'OpenAI’s sound',
				{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
				'audio/wav',
			],
			[
				'OpenAI’s file',
				{ type: 'input_file', file_data: 'data:application/pdf;base64,JVBERi0xLjc=' },
				'application/pdf',
			],
			[
				'Anthropic’s document',
				{
					type: 'document',
					source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
				},
				'application/pdf',
			],
			['a video', { type: 'video', url: 'https://a.example/b.mp4' }, 'video/*'],
			['LangChain’s sound', { type: 'audio', mimeType: 'audio/mp3', data: 'AAAA' }, 'audio/mp3'],
			['Google’s media', { type: 'media', mimeType: 'video/mp4', data: 'AAAA' }, 'video/mp4'],
			['what nobody knows', { type: 'hologram', data: 'AAAA' }, 'hologram'],
		])('is refused by its type before anything is paid for: %s', async (_name, part, type) => {
			const { error } = await ask(part);
			expect(error!.message).toBe(`A message holds a file of the type ${type}`);
			expect(sent()).toEqual([]);
		});

		it.each([
			[{ type: 'reasoning', reasoning: 'hm' }],
			[{ type: 'text', source_type: 'text', text: 'Hi' }],
		])('is left out or read where it is no file: %j', async (part) =>
			expect((await ask(part)).error).toBeUndefined(),
		);
	});

	describe('what is wrong with the node', () => {
		it.each<[string, string, (token: string) => string, RegExp]>([
			['the token', GPT, () => 'r8_wrong', /^Replicate did not accept the API token/],
			['the model', 'nobody/nothing', (token) => token, /nobody\/nothing/],
			[
				'a model that does not talk',
				'black-forest-labs/flux-schnell',
				(token) => token,
				/is not a language model/,
			],
		])(
			'is said in whole sentences with the first question: %s',
			async (_name, model, token, words) => {
				const { baseUrl } = world.sandbox;
				world.engine.setCredential({ apiToken: token(world.sandbox.token), baseUrl });
				const { answers, error } = await run(model, async (supplied) => {
					const said = async (asking: Promise<unknown>) =>
						await asking.then(
							() => 'no error',
							(failed: Error & { description?: string }) => failed.message,
						);
					const streaming = async () => {
						const reader = (await supplied.stream('Hello')).getReader();
						while (!(await reader.read()).done);
					};
					return [await said(supplied.invoke('Hello')), await said(streaming())];
				});
				world.engine.setCredential({ apiToken: world.sandbox.token, baseUrl });
				expect(error).toBeUndefined();
				const [whole, streamed] = answers[0] as string[];
				expect(whole).toMatch(words);
				expect(streamed).toMatch(words);
			},
		);
	});
});
