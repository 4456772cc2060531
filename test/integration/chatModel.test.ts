import { AIMessage, HumanMessage, SystemMessage, type BaseMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import type { ChatModel } from '@n8n/ai-node-sdk';
import type { INodeParameters } from 'n8n-workflow';
import { z } from 'zod';
import { startChatWorld, type ChainStep, type ChatWorld } from './chatWorld';
import { until } from '../timing';

const GPT = 'openai/gpt-4o-mini';
const LLAMA = 'meta/meta-llama-3.1-405b-instruct';
const STRUCTURED = 'openai/gpt-5-structured';
const CLAUDE = 'anthropic/claude-4-sonnet';
const PNG = `data:image/png;base64,${Buffer.from('not much of a picture').toString('base64')}`;

/** Asks once, and gives the text. */
const ask =
	(...messages: BaseMessage[]): ChainStep =>
	async (model) =>
		(await model.invoke(messages)).text;

const add = tool(({ a, b }: { a: number; b: number }) => String(a + b), {
	name: 'add',
	description: 'Adds two numbers',
	schema: z.object({ a: z.number(), b: z.number() }),
});

/** What a model calls of a tool, and what it says beside. */
const callAdd: ChainStep = async (model) => {
	const { text, tool_calls: calls } = (await model.bindTools!([add]).invoke([
		new HumanMessage('What is 1 + 2?'),
	])) as AIMessage;
	return { text, calls: calls?.map(({ name, args }) => ({ name, args })) };
};

describe('the Replicate Chat Model in n8n’s engine', () => {
	let world: ChatWorld;
	beforeAll(async () => {
		world = await startChatWorld();
	});
	afterEach(() => world.sandbox.forget());
	afterAll(async () => await world.stop());

	const run = async (model: string, step: ChainStep, options?: INodeParameters) =>
		await world.run({ model, options }, step);
	const sent = () => world.sandbox.predictions.all.map(({ input }) => input);

	it('counts tokens by itself, where LangChain would ask a page of its makers', async () => {
		const fetched = jest.spyOn(globalThis, 'fetch');
		const text = 'word '.repeat(400);
		const { answers } = await run(GPT, async (model) => [
			await model.getNumTokens(text),
			await model.getNumTokens([{ type: 'text', text }, { type: 'image_url' }]),
		]);
		expect(answers).toEqual([[500, 500]]);
		expect(JSON.stringify(fetched.mock.calls)).not.toContain('tiktoken');
		fetched.mockRestore();
	});

	it('answers a chain, and shows what it used', async () => {
		const { answers, error, calls } = await run(
			GPT,
			ask(new SystemMessage('Be nice'), new HumanMessage('Hello')),
		);
		expect(error).toBeUndefined();
		expect(answers).toEqual(['You said "Hello".']);
		expect(JSON.stringify(calls[0]!.data)).toContain('"totalTokens":');
		expect(sent()).toEqual([
			{
				messages: [
					{ role: 'system', content: 'Be nice' },
					{ role: 'user', content: 'Hello' },
				],
			},
		]);
	});

	it('sends its options as the model’s inputs, and says what the model lacks', async () => {
		const { calls, error } = await run(LLAMA, ask(new HumanMessage('Hello')), {
			maxTokens: 100,
			temperature: 0,
			reasoningEffort: 'high',
			systemPrompt: 'Be brief',
			imageUrls: 'https://a.example/1.png',
			inputJson: '{ "top_k": 7, "nonsense": 1 }',
		});
		expect(error).toBeUndefined();
		expect(sent()[0]).toEqual({
			prompt: 'Hello',
			system_prompt: 'Be brief',
			max_tokens: 100,
			temperature: 0,
			top_k: 7,
			nonsense: 1,
		});
		const hints = calls[0]!.hints!.map(({ message }) => message);
		expect(hints).toEqual([
			expect.stringContaining('has no input for Reasoning Effort'),
			expect.stringContaining('Options → Image URLs was not sent'),
			expect.stringContaining('no input "nonsense"'),
		]);
	});

	it('passes LangChain’s stop texts on', async () => {
		await run(LLAMA, async (model) => {
			const bound = model.withConfig({ stop: ['Observation:'] } as object);
			return (await bound.invoke('Hello')).text;
		});
		expect(sent()[0]).toMatchObject({ stop_sequences: 'Observation:' });
	});

	it('passes the stop texts on of those who call it without LangChain', async () => {
		await run(LLAMA, async (model) => {
			const { chatModel } = model as unknown as { chatModel: ChatModel };
			const content = [{ type: 'text' as const, text: 'Hello' }];
			await chatModel.generate([{ role: 'user', content }], { stopSequences: ['Observation:'] });
		});
		expect(sent()[0]).toMatchObject({ stop_sequences: 'Observation:' });
	});

	describe('images', () => {
		it.each<[string, unknown]>([
			['n8n’s Basic LLM Chain', { type: 'image_url', image_url: { url: PNG } }],
			['a chain with a plain URL', { type: 'image_url', image_url: PNG }],
			['LangChain’s standard', { type: 'image', mimeType: 'image/png', data: PNG.split(',')[1] }],
			[
				'LangChain’s standard of 2025',
				{ type: 'image', source_type: 'base64', mime_type: 'image/png', data: PNG.split(',')[1] },
			],
		])('of %s reach the model', async (_name, image) => {
			const content = [{ type: 'text', text: 'What is it?' }, image] as never;
			const { answers, error } = await run(CLAUDE, ask(new HumanMessage({ content })));
			expect(error).toBeUndefined();
			expect(answers[0]).toContain('I see 1 image(s).');
			expect(sent()[0]).toMatchObject({ prompt: 'What is it?', image: PNG });
		});

		it('go up where they are large, once for all questions', async () => {
			const large = `data:image/png;base64,${Buffer.alloc(1_500_000, 'x').toString('base64')}`;
			const content = [
				{ type: 'text', text: 'What is it?' },
				{ type: 'image_url', image_url: { url: large } },
			] as never;
			const { error } = await run(CLAUDE, async (model) => {
				await model.invoke([new HumanMessage({ content })]);
				return (await model.invoke([new HumanMessage({ content }), new AIMessage('Well')])).text;
			});
			expect(error).toBeUndefined();
			expect(sent()).toHaveLength(2);
			expect(sent()[0]!.image).toMatch(/\/v1\/files\//);
			expect(sent()[1]!.image).toBe(sent()[0]!.image);
			expect(world.sandbox.counts.of('POST /files')).toBe(1);
		});

		it('are an error for a model that sees none, before anything is paid for', async () => {
			const content = [{ type: 'image_url', image_url: { url: PNG } }] as never;
			const { error } = await run(LLAMA, ask(new HumanMessage({ content })));
			expect(error!.message).toBe(
				`The model "${LLAMA}" cannot see images, and the messages hold some`,
			);
			expect(error!.description).toContain('Choose a model with an image input');
			expect(sent()).toEqual([]);
		});
	});

	describe('a stream', () => {
		/** The parts of an answer as LangChain passes them on. */
		const stream: ChainStep = async (model) => {
			const parts: string[] = [];
			for await (const chunk of await model.stream([new HumanMessage('Tell me')])) {
				if (chunk.text !== '') parts.push(chunk.text);
			}
			return parts;
		};
		const STORY = 'Once upon a time there was a fox.\nIt ran.';

		it('gives the tokens as they are written', async () => {
			world.sandbox.language.say(GPT, STORY);
			const { answers, error } = await run(GPT, stream);
			expect(error).toBeUndefined();
			const parts = answers[0] as string[];
			// What has queued up is joined, so how many there are depends on who is faster.
			expect(parts.length).toBeGreaterThan(1);
			expect(parts.join('')).toBe(STORY);
			const asked = world.sandbox.requests.find(({ path }) => path.startsWith('/v1/streams/'))!;
			expect(asked.authorized).toBe(false);
		});

		it('ends as soon as the text does', async () => {
			world.sandbox.language.say(GPT, STORY);
			await run(GPT, stream);
			expect(world.sandbox.counts.of('GET /predictions/:id')).toBe(1);
		});

		it.each(['end', 'error', 'cut', 'silence'] as const)(
			'that breaks (%s) gives the whole text, and nothing is run again',
			async (kind) => {
				world.sandbox.language.say(GPT, STORY);
				world.sandbox.language.breakStreams({ kind, after: 3 }, 99);
				const { answers, error } = await run(GPT, stream);
				expect(error).toBeUndefined();
				expect((answers[0] as string[]).join('')).toBe(STORY);
				expect(sent()).toHaveLength(1);
			},
		);

		it('that begins anew behind a gateway with other ids shows nothing twice', async () => {
			world.sandbox.language.say(GPT, STORY);
			for (const after of [3, 5, 9])
				world.sandbox.language.breakStreams({ kind: 'end', after, isRenumbered: true });
			const { answers } = await run(GPT, stream);
			expect((answers[0] as string[]).join('')).toBe(STORY);
		});

		it('that was of a machine which was replaced is followed by the whole answer', async () => {
			world.sandbox.language.say(GPT, STORY);
			world.sandbox.language.breakStreams({ kind: 'end', after: 2, says: ['Twice', ' under'] });
			const { answers } = await run(GPT, stream);
			expect((answers[0] as string[]).join('')).toBe(`Twice under\n\n${STORY}`);
		});

		it('of a model that writes no tokens is its whole text', async () => {
			const { answers } = await run('sandbox/whole-text', stream);
			expect((answers[0] as string[]).join('')).toContain('Tell me');
		});

		it('leaves thoughts out', async () => {
			world.sandbox.language.say(GPT, '<think>Hm, hm.</think>\n\nHello there');
			const { answers } = await run(GPT, stream);
			expect((answers[0] as string[]).join('')).toBe('Hello there');
		});

		it('of a failed prediction ends with its error', async () => {
			world.sandbox.language.say(GPT, { text: 'Once upon', error: 'out of memory' });
			const { error } = await run(GPT, stream);
			expect(error!.message).toContain('out of memory');
			// All that n8n sends to the chat.
			expect(error!.description).toMatch(/^The model ran out of memory: out of memory\. /);
		});

		it('of a failed prediction says what to do after the model’s own full stop', async () => {
			world.sandbox.language.say(GPT, { error: 'The prompt is too long.' });
			const { error } = await run(GPT, stream);
			expect(error!.description).toMatch(/^The model failed: The prompt is too long\. [A-Z]/);
		});

		it('that nobody reads to its end is cancelled', async () => {
			world.sandbox.language.pace = 200;
			world.sandbox.language.say(GPT, STORY);
			const { answers } = await run(GPT, async (model) => {
				for await (const chunk of await model.stream([new HumanMessage('Tell me')])) {
					if (chunk.text !== '') break;
				}
				await until(() => world.sandbox.predictions.all[0]!.status === 'canceled');
				return true;
			});
			expect(answers).toEqual([true]);
		});

		it('has the calls of tools whole', async () => {
			world.sandbox.language.say(STRUCTURED, {
				toolCalls: [
					{ name: 'add', arguments: { a: 1, b: 2 } },
					{ name: 'add', arguments: { a: 3, b: 4 } },
				],
			});
			const { answers, error } = await run(STRUCTURED, async (model) => {
				let whole: { tool_calls?: Array<{ name: string; args: unknown }> } | undefined;
				for await (const chunk of await model.bindTools!([add]).stream('Add')) {
					whole = whole ? (whole as never as { concat(c: unknown): never }).concat(chunk) : chunk;
				}
				return whole!.tool_calls!.map(({ args }) => args);
			});
			expect(error).toBeUndefined();
			expect(answers).toEqual([
				[
					{ a: 1, b: 2 },
					{ a: 3, b: 4 },
				],
			]);
		});
	});

	describe('tools', () => {
		it('are given to a model that takes them', async () => {
			world.sandbox.language.say(STRUCTURED, {
				toolCalls: [{ name: 'add', arguments: { a: 1, b: 2 } }],
			});
			const { answers, error } = await run(STRUCTURED, callAdd);
			expect(error).toBeUndefined();
			expect(answers).toEqual([{ text: '', calls: [{ name: 'add', args: { a: 1, b: 2 } }] }]);
			expect(sent()[0]!.tools).toMatchObject([
				{
					type: 'function',
					name: 'add',
					parameters: { type: 'object', required: ['a', 'b'] },
				},
			]);
		});

		it('are refused for another model, before anything is paid for', async () => {
			const { error } = await run(LLAMA, callAdd);
			expect(error!.message).toBe(`The model "${LLAMA}" cannot call tools`);
			expect(error!.description).toContain('openai/gpt-5-structured');
			expect(sent()).toEqual([]);
		});

		const byPrompt = { toolCalling: 'byPrompt' };

		it('by prompt are read out of the answer', async () => {
			world.sandbox.language.say(LLAMA, {
				toolCalls: [{ name: 'add', arguments: { a: 1, b: 2 } }],
			});
			const { answers, error } = await run(LLAMA, callAdd, byPrompt);
			expect(error).toBeUndefined();
			expect(answers).toEqual([{ text: '', calls: [{ name: 'add', args: { a: 1, b: 2 } }] }]);
			expect(sent()[0]!.system_prompt).toContain('"name":"add"');
		});

		it('by prompt are asked for once more where a call cannot be made', async () => {
			world.sandbox.language.say(
				LLAMA,
				{ toolCalls: [{ name: 'add', arguments: { a: 'one', b: 2 } }] },
				{ toolCalls: [{ name: 'add', arguments: { a: 1, b: 2 } }] },
			);
			const { answers } = await run(LLAMA, callAdd, byPrompt);
			expect(answers).toEqual([{ text: '', calls: [{ name: 'add', args: { a: 1, b: 2 } }] }]);
			expect(sent()).toHaveLength(2);
			const [first, second] = sent();
			// The whole conversation, with the answer that could not be used: the model sees what it wrote.
			expect(second!.prompt).toContain(first!.prompt);
			expect(second!.prompt).toMatch(/"a": ?"one"[\s\S]*no tool was called/);
		});

		it('are not called where the second answer is no better', async () => {
			const wrong = { toolCalls: [{ name: 'subtract', arguments: {} }] };
			world.sandbox.language.say(LLAMA, wrong, wrong, wrong);
			const { error } = await run(LLAMA, callAdd, byPrompt);
			expect(error!.message).toMatch(
				/^The model ".+" answered twice with a tool call that cannot be made: .*subtract/,
			);
			expect(sent()).toHaveLength(2);
		});

		it.each([
			['any', true],
			['required', true],
			['auto', false],
		])('must be called where the agent says so: %s', async (choice, must) => {
			await run(
				LLAMA,
				async (model) => await model.bindTools!([add], { tool_choice: choice }).invoke('Hello'),
				byPrompt,
			);
			const said = String(sent()[0]!.system_prompt).includes('Call at least one tool now');
			expect(said).toBe(must);
		});

		it('are not called natively either where one of them cannot be', async () => {
			const good = { name: 'add', arguments: { a: 1, b: 2 } };
			const mixed = { toolCalls: [good, { name: 'subtract', arguments: {} }] };
			world.sandbox.language.say(STRUCTURED, mixed, { toolCalls: [good] });
			const { answers } = await run(STRUCTURED, callAdd);
			expect(answers).toEqual([{ text: '', calls: [{ name: 'add', args: { a: 1, b: 2 } }] }]);
			expect(sent()).toHaveLength(2);
			world.sandbox.language.say(STRUCTURED, mixed, mixed);
			const twice = await run(STRUCTURED, callAdd);
			expect(twice.error!.message).toContain('answered twice with a tool call that cannot be made');
			expect(twice.answers).toEqual([]);
		});
	});

	describe('what is paid for', () => {
		it('is cancelled when the workflow is stopped', async () => {
			world.sandbox.language.pace = 500;
			const execution = world.start({ model: LLAMA }, ask(new HumanMessage('Hello you all')));
			await until(() => sent().length === 1);
			execution.stop();
			await execution.finished;
			await until(() => world.sandbox.predictions.all[0]!.status === 'canceled');
		});

		/** Asks as an agent does that can leave; gives the words that it gets for it. */
		const askAndLeave =
			(leave: (caller: AbortController) => Promise<void>): ChainStep =>
			async (model) => {
				const { chatModel } = model as unknown as { chatModel: ChatModel };
				const content = [{ type: 'text' as const, text: 'Hello you all' }];
				const caller = new AbortController();
				const asked = chatModel.generate([{ role: 'user', content }], {
					abortSignal: caller.signal,
				});
				const words = asked.then(
					() => 'an answer',
					({ message }: Error) => message,
				);
				await leave(caller);
				return await words;
			};

		it('is cancelled when the caller leaves, and nobody is told that the workflow was stopped', async () => {
			world.sandbox.language.pace = 500;
			const { answers } = await run(
				LLAMA,
				askAndLeave(async (caller) => {
					await until(() => sent().length === 1);
					caller.abort();
				}),
			);
			const { id, status } = world.sandbox.predictions.all[0]!;
			expect(status).toBe('canceled');
			expect(answers).toEqual([
				`The chain or agent has cancelled its request, and prediction ${id} was cancelled`,
			]);
		});

		it('is the workflow’s stop where that comes by the caller’s own signal', async () => {
			world.sandbox.language.pace = 500;
			const words: unknown[] = [];
			const execution = world.start({ model: LLAMA }, async (model, item, context) => {
				const leave = async (caller: AbortController) => {
					// Before the chat model hears of it.
					context.getExecutionCancelSignal()!.addEventListener('abort', () => caller.abort());
					await until(() => sent().length === 1);
					execution.stop();
				};
				words.push(await askAndLeave(leave)(model, item, context));
			});
			await execution.finished;
			await until(() => words.length === 1);
			expect(words[0]).toMatch(/^The workflow was stopped, and prediction \w+ was cancelled$/);
		});

		it('is cancelled when its time is up', async () => {
			world.sandbox.language.pace = 2_000;
			const { error } = await run(LLAMA, ask(new HumanMessage('Hello you all')), { timeout: 1 });
			expect(error!.message).toContain('was not finished within the time limit and was cancelled');
			expect(world.sandbox.predictions.all[0]!.status).toBe('canceled');
		});

		it('is limited in number', async () => {
			const asking: ChainStep = async (model) => {
				for (let n = 0; n < 5; n++) await model.invoke(`Question ${n}`);
			};
			const { error } = await run(LLAMA, asking, { maxPredictions: 3 });
			expect(error!.message).toBe(
				'Options → Max Predictions allows 3, and this run has created as many',
			);
			expect(sent()).toHaveLength(3);
		});

		it('is limited in number where nobody has set a limit', async () => {
			const asking: ChainStep = async (model) => {
				const all = Array.from({ length: 101 }, async (_, n) => await model.invoke(`${n}`));
				await Promise.allSettled(all);
				await Promise.all(all);
			};
			const { error } = await run(LLAMA, asking);
			expect(error!.message).toBe(
				'Options → Max Predictions allows 100, and this run has created as many',
			);
			expect(sent()).toHaveLength(100);
		});

		it('is limited in number with what asks for a better answer, too', async () => {
			const wrong = { toolCalls: [{ name: 'subtract', arguments: {} }] };
			world.sandbox.language.say(LLAMA, wrong, wrong);
			const { error } = await run(LLAMA, callAdd, { toolCalling: 'byPrompt', maxPredictions: 1 });
			expect(error!.message).toMatch(
				/^Options → Max Predictions allows 1, and this run has created/,
			);
			expect(sent()).toHaveLength(1);
		});

		it('is created once where Replicate asks to wait, and where the response is lost', async () => {
			const body = JSON.stringify({ detail: 'Slow down', retry_after: 1 });
			world.sandbox.faults.plan('POST', /\/predictions$/, { kind: 'answer', status: 429, body });
			const waited = await run(GPT, ask(new HumanMessage('Hello')));
			expect(waited.answers).toEqual(['You said "Hello".']);
			world.sandbox.faults.plan('POST', /\/predictions$/, { kind: 'cutAfter' });
			const lost = await run(GPT, ask(new HumanMessage('Hello again')));
			expect(lost.answers).toEqual(['You said "Hello again".']);
			expect(sent()).toHaveLength(2);
		});

		it('is nothing where Replicate refuses the token', async () => {
			world.sandbox.faults.plan('POST', /\/predictions$/, { kind: 'answer', status: 401 });
			const { error } = await run(GPT, ask(new HumanMessage('Hello')));
			expect(error!.message).toContain('did not accept the API token');
			expect(error!.description).toContain('Open the Replicate credential');
			expect(sent()).toEqual([]);
		});

		it('is named where it failed, in the model’s own words', async () => {
			world.sandbox.language.say(GPT, { error: 'The prompt is too long' });
			const { error, calls } = await run(GPT, ask(new HumanMessage('Hello')));
			expect(error!.message).toBe('The model failed: The prompt is too long');
			expect(error!.description).toContain(world.sandbox.predictions.all[0]!.id);
			expect(calls[0]!.error!.message).toBe(error!.message);
		});
	});

	it.each<[string, string, INodeParameters, string]>([
		['no model', '', {}, 'No model was chosen'],
		['a model that draws', 'google/nano-banana', {}, 'is not a language model'],
		['an unknown model', 'acme/nothing', {}, 'acme/nothing'],
		['additional inputs that are none', GPT, { inputJson: '[1]' }, 'is not a JSON object'],
		['a wrong image URL', GPT, { imageUrls: 'photo.png' }, '"photo.png" is not a URL'],
		['a wrong number', GPT, { temperature: 5 }, 'must be a number from 0 to 2'],
	])('refuses %s before anything is paid for', async (_name, model, options, message) => {
		const { error, calls } = await run(model, ask(new HumanMessage('Hello')), options);
		expect([error!.message, error!.description, calls[0]?.error?.message].join()).toContain(
			message,
		);
		expect(sent()).toEqual([]);
	});
});
