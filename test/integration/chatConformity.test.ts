import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import {
	AIMessage,
	HumanMessage,
	SystemMessage,
	ToolMessage,
	type AIMessageChunk,
	type BaseMessage,
} from '@langchain/core/messages';
import { RunnableLambda } from '@langchain/core/runnables';
import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import * as z4 from 'zod/v4';
import { startChatWorld, type ChatWorld } from './chatWorld';

/** What a model is sent, and what it is to answer. */
type Input = Record<string, unknown>;
type Call = { name: string; arguments: Record<string, unknown> };
type Answer = string | { text?: string; toolCalls: Call[] } | ((input: Input) => string);

/** One promise of LangChain's documentation of chat models. */
interface Promised {
	/** What the model answers, question by question. */
	says?: Answer[];
	asks: (model: BaseChatModel) => Promise<unknown>;
	gives: unknown;
	/** What the questions sent must hold, one by one, whatever shape the model's inputs have. */
	sends?: RegExp[];
}

const PNG = Buffer.from('not much of a picture').toString('base64');
const WEATHER = 'Gives the weather of a place';
const call = (name: string, args: Record<string, unknown>): Call => ({ name, arguments: args });
const oslo = call('weather', { place: 'Oslo', days: 2 });
const lima = call('weather', { place: 'Lima', days: 1 });
const asked = ({ name, arguments: args }: Call, id: string) => ({ name, args, id });

const read = async (model: Pick<BaseChatModel, 'stream'>, question: string) => {
	const chunks: AIMessageChunk[] = [];
	for await (const chunk of await model.stream(question)) chunks.push(chunk as AIMessageChunk);
	return chunks;
};
const joined = (chunks: AIMessageChunk[]) => chunks.reduce((whole, next) => whole.concat(next));
const callsOf = (message: Pick<AIMessage, 'tool_calls'>) =>
	(message.tool_calls ?? []).map(({ name, args }) => call(name, args));

const usage = expect.objectContaining({
	input_tokens: expect.any(Number),
	output_tokens: expect.any(Number),
	total_tokens: expect.any(Number),
});

/** A tool in each form that `bindTools` takes; all of them describe the same one. */
const FORMS: Array<[string, () => unknown]> = [
	[
		'a LangChain tool with a schema of zod 3',
		() =>
			tool(() => 'sunny', {
				name: 'weather',
				description: WEATHER,
				schema: z.object({ place: z.string(), days: z.number() }),
			}),
	],
	[
		'a LangChain tool with a schema of zod 4',
		() =>
			tool(() => 'sunny', {
				name: 'weather',
				description: WEATHER,
				schema: z4.object({ place: z4.string(), days: z4.number() }),
			}),
	],
	[
		'a function as OpenAI writes it',
		() => ({
			type: 'function',
			function: {
				name: 'weather',
				description: WEATHER,
				parameters: {
					type: 'object',
					properties: { place: { type: 'string' }, days: { type: 'number' } },
					required: ['place', 'days'],
				},
			},
		}),
	],
	[
		'a runnable as a tool',
		() =>
			RunnableLambda.from(() => 'sunny').asTool({
				name: 'weather',
				description: WEATHER,
				schema: z.object({ place: z.string(), days: z.number() }) as never,
			}),
	],
];
const [, weather] = FORMS[0]!;
const withTools = (model: BaseChatModel) => model.bindTools!([weather() as never]);

/** Asks with messages that have calls in them, as an agent does in its next round. */
const continues = (...messages: BaseMessage[]) => ({
	asks: async (model: BaseChatModel) => (await withTools(model).invoke(messages)).text,
});

const TABLE: Array<[string, Promised]> = [
	[
		'a text is a question, and the answer is a message of the AI',
		{
			says: ['Good day'],
			asks: async (model) => {
				const answer = await model.invoke('Hello');
				return [AIMessage.isInstance(answer), answer.getType(), answer.text];
			},
			gives: [true, 'ai', 'Good day'],
			sends: [/Hello/],
		},
	],
	[
		'a list of messages is one, too',
		{
			says: ['Ahoy'],
			asks: async (model) =>
				(await model.invoke([new SystemMessage('Be a sailor'), new HumanMessage('Hello')])).text,
			gives: 'Ahoy',
			sends: [/Be a sailor.*Hello/s],
		},
	],
	[
		'what is streamed adds up to what is given whole',
		{
			says: ['The fox ran.\n\n  Far away.', 'The fox ran.\n\n  Far away.'],
			asks: async (model) => {
				const chunks = await read(model, 'Tell me');
				const { text } = await model.invoke('Tell me');
				return [chunks.map((chunk) => chunk.text).join('') === text, joined(chunks).text];
			},
			gives: [true, 'The fox ran.\n\n  Far away.'],
		},
	],
	[
		'a batch has its answers in the order of its questions, also where the first takes longest',
		{
			says: Array.from({ length: 3 }, () => (input: Input) => {
				const number = Number(/Number (\d)/.exec(JSON.stringify(input))![1]);
				return `${number}${' and on'.repeat((3 - number) * 10)}`;
			}),
			asks: async (model) =>
				(await model.batch(['Number 1', 'Number 2', 'Number 3'])).map(({ text }) => text[0]),
			gives: ['1', '2', '3'],
		},
	],
	[
		'a conversation goes on with all its turns',
		{
			says: ['Your cat is Tom'],
			asks: async (model) =>
				(
					await model.invoke([
						new HumanMessage('My cat is Tom'),
						new AIMessage('A fine name'),
						new HumanMessage('What is it called?'),
					])
				).text,
			gives: 'Your cat is Tom',
			sends: [/My cat is Tom.*A fine name.*What is it called\?/s],
		},
	],
	[
		'one speaker may say two things in a row',
		{
			says: ['Both heard'],
			asks: async (model) =>
				(await model.invoke([new HumanMessage('First this'), new HumanMessage('Then that')])).text,
			gives: 'Both heard',
			sends: [/First this.*Then that/s],
		},
	],
	[
		'an answer says how many tokens it took',
		{ asks: async (model) => (await model.invoke('Hello')).usage_metadata, gives: usage },
	],
	[
		'a stream says it once, however many chunks it has',
		{
			says: ['One two three four five'],
			asks: async (model) => {
				const chunks = await read(model, 'Count');
				return [
					chunks.filter((chunk) => chunk.usage_metadata).length,
					joined(chunks).usage_metadata,
				];
			},
			gives: [1, usage],
		},
	],
	[
		'callbacks are told of the start, of each chunk that has text, and of the end',
		{
			says: ['One two three'],
			asks: async (model) => {
				const told: string[] = [];
				const texts: string[] = [];
				const callbacks = [
					{
						handleChatModelStart: () => void told.push('start'),
						handleLLMNewToken: (text: string) => void texts.push(text),
						handleLLMEnd: () => void told.push('end'),
					},
				];
				await read(model.withConfig({ callbacks }) as never, 'Count');
				return [told, texts.join('')];
			},
			gives: [['start', 'end'], 'One two three'],
		},
	],
	...FORMS.map(([name, form]): [string, Promised] => [
		`${name} can be bound, and is called with an object and an ID`,
		{
			says: [{ toolCalls: [oslo] }],
			asks: async (model) => {
				const answer: AIMessage = await model.bindTools!([form() as never]).invoke('Will it rain?');
				const [one] = answer.tool_calls!;
				return [callsOf(answer), typeof one!.id, one!.id !== ''];
			},
			gives: [[oslo], 'string', true],
			sends: [/weather.*Gives the weather of a place.*place.*days/s],
		},
	]),
	[
		'a bound tool need not be called',
		{
			says: ['I need no tool'],
			asks: async (model) => {
				const answer: AIMessage = await withTools(model).invoke('Hello');
				return [callsOf(answer), answer.text];
			},
			gives: [[], 'I need no tool'],
		},
	],
	[
		'a tool runs with the call as it came, and its result is the next message',
		{
			says: [{ toolCalls: [oslo] }, 'Take an umbrella'],
			asks: async (model) => {
				const bound = withTools(model);
				const question = new HumanMessage('Will it rain?');
				const answer: AIMessage = await bound.invoke([question]);
				const [one] = answer.tool_calls!;
				const runs = weather() as { invoke(call: object): Promise<ToolMessage> };
				const result = await runs.invoke(one!);
				return [
					result.tool_call_id === one!.id,
					(await bound.invoke([question, answer, result])).text,
				];
			},
			gives: [true, 'Take an umbrella'],
			sends: [/Will it rain/, /Will it rain.*Oslo.*sunny/s],
		},
	],
	...(
		[
			['nothing', ''],
			['a text', 'Let me see'],
			['a list of parts', [{ type: 'text', text: 'Let me see' }]],
		] as const
	).map(([name, content]): [string, Promised] => [
		`a history may have ${name} beside a call`,
		{
			...continues(
				new HumanMessage('Will it rain?'),
				new AIMessage({ content: content as never, tool_calls: [asked(oslo, 'call-1')] }),
				new ToolMessage({ content: 'It pours', tool_call_id: 'call-1', name: 'weather' }),
			),
			says: ['It will'],
			gives: 'It will',
			sends: [
				content === ''
					? /Will it rain.*Oslo.*It pours/s
					: /Will it rain.*Let me see.*Oslo.*It pours|Will it rain.*Oslo.*Let me see.*It pours/s,
			],
		},
	]),
	[
		'examples of calls may come before the question',
		{
			...continues(
				new HumanMessage('Will it rain in Lima?'),
				new AIMessage({ content: '', tool_calls: [asked(lima, 'example')] }),
				new ToolMessage({ content: 'Never', tool_call_id: 'example' }),
				new AIMessage('It never rains in Lima'),
				new HumanMessage('And in Oslo?'),
			),
			says: ['Always'],
			gives: 'Always',
			sends: [/Lima.*Never.*It never rains in Lima.*And in Oslo\?/s],
		},
	],
	[
		'one answer may call twice, each with an ID of its own',
		{
			says: [{ toolCalls: [oslo, lima] }],
			asks: async (model) => {
				const answer: AIMessage = await withTools(model).invoke('Will it rain?');
				return [callsOf(answer), new Set(answer.tool_calls!.map(({ id }) => id)).size];
			},
			gives: [[oslo, lima], 2],
		},
	],
	[
		'results of two calls go back together, whichever came first',
		{
			...continues(
				new HumanMessage('Will it rain?'),
				new AIMessage({ content: '', tool_calls: [asked(oslo, 'one'), asked(lima, 'two')] }),
				new ToolMessage({ content: 'Dry as dust', tool_call_id: 'two' }),
				new ToolMessage({ content: 'It pours', tool_call_id: 'one' }),
			),
			says: ['In Oslo'],
			gives: 'In Oslo',
			sends: [/Oslo.*Lima.*(?:Dry as dust.*It pours|It pours.*Dry as dust)/s],
		},
	],
	[
		'calls can be streamed, and chunks add up to the same calls',
		{
			says: [{ toolCalls: [oslo, lima] }],
			asks: async (model) => callsOf(joined(await read(withTools(model) as never, 'Rain?'))),
			gives: [oslo, lima],
		},
	],
	...(
		[
			['as data', { type: 'image', mimeType: 'image/png', data: PNG }],
			['as a data URL', { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } }],
		] as Array<[string, object]>
	).map(([name, image]): [string, Promised] => [
		`a message may have text and an image (${name})`,
		{
			says: ['A fox'],
			asks: async (model) => {
				const content = [{ type: 'text', text: 'What is it?' }, image] as never;
				return (await model.invoke([new HumanMessage({ content })])).text;
			},
			gives: 'A fox',
			sends: [new RegExp(`(?=.*What is it\\?).*data:image/png;base64,${PNG}`, 's')],
		},
	]),
];

/** What LangChain's documentation says of every chat model, with what n8n's engine hands to a chain. */
describe.each([
	['tools of its own', 'openai/gpt-5-structured', {}],
	['tools by prompt', 'openai/gpt-4o-mini', { toolCalling: 'byPrompt' }],
])('a chat model with %s, as LangChain’s documentation describes it', (_name, model, options) => {
	let world: ChatWorld;
	beforeAll(async () => {
		world = await startChatWorld();
	});
	afterEach(() => world.sandbox.forget());
	afterAll(async () => await world.stop());

	it.each(TABLE)('%s', async (_promise, { says = [], asks, gives, sends }) => {
		world.sandbox.language.say(model, ...(says as never[]));
		const { answers, error } = await world.run({ model, options }, asks);
		expect(error).toBeUndefined();
		expect(answers).toEqual([gives]);
		const sent = world.sandbox.predictions.all.map(({ input }) => JSON.stringify(input));
		if (sends) expect(sent).toEqual(sends.map((one) => expect.stringMatching(one)));
	});
});
