import Ajv from 'ajv';
import type { Json } from './calls';
import { sandboxWorld } from './sandboxWorld';

const GPT = 'openai/gpt-4o-mini';
const LLAMA = 'meta/meta-llama-3.1-405b-instruct';
const STRUCTURED = 'openai/gpt-5-structured';
const user = (content: unknown) => ({ role: 'user', content });
const textOf = ({ output }: Json) => [output].flat().join('');
const ajv = new Ajv({ strict: false });
const expectValid = (schema: object, value: unknown) => {
	ajv.validate(schema, value);
	expect(ajv.errors).toBeNull();
};

/** Which tools they call, and how. */
describe('tools of language models in the sandbox', () => {
	const world = sandboxWorld();

	const weather = {
		name: 'get_weather',
		description: 'Looks the weather of a city up',
		parameters: {
			type: 'object',
			properties: {
				city: { type: 'string' },
				days: { type: 'integer', minimum: 1 },
				unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
			},
			required: ['city', 'days'],
		},
	};
	const calculator = {
		name: 'calculator',
		description: 'Useful for getting the result of a math expression',
		parameters: {
			type: 'object',
			properties: { input: { type: 'string' } },
			required: ['input'],
		},
	};
	const question = 'What will the weather be for 3 days? The city is Rome.';
	const args = { city: 'Rome', days: 3 };

	it.each([
		['of the Responses API', [weather, calculator].map((one) => ({ type: 'function', ...one }))],
		[
			'of chat completions',
			[weather, calculator].map((one) => ({ type: 'function', function: one })),
		],
	])('are called in the form %s, and their results stated', async (_form, tools) => {
		const { output } = await world.calls.run(STRUCTURED, { prompt: question, tools });
		const [call] = (output as Json).tool_calls as [{ id: string; function: Json }];
		expect(call.function.name).toBe('get_weather');
		const made = JSON.parse(String(call.function.arguments)) as unknown;
		expect(made).toEqual(args);
		expectValid(weather.parameters, made);
		const done = await world.calls.run(STRUCTURED, {
			tools,
			input_item_list: [
				user(question),
				{ type: 'function_call', call_id: call.id, name: 'get_weather', arguments: '{}' },
				{ type: 'function_call_output', call_id: call.id, output: 'Sunny' },
			],
		});
		expect(done.output).toMatchObject({ text: 'The tool says: Sunny' });
		expect(done.output).not.toHaveProperty('tool_calls');
	});

	it('are called only where the question mentions them', async () => {
		const tools = [weather, calculator].map((one) => ({ type: 'function', ...one }));
		const sum = await world.calls.run(STRUCTURED, { prompt: 'Calculate 3 * (4 + 5)!', tools });
		expect((sum.output as Json).tool_calls).toMatchObject([
			{ function: { arguments: '{"input":"3 * (4 + 5)"}' } },
		]);
		const { output } = await world.calls.run(STRUCTURED, { prompt: 'Hello', tools });
		expect(output).toMatchObject({ text: 'You said "Hello".' });
	});

	it('take the final answer where an agent wants it', async () => {
		const final = {
			name: 'format_final_json_response',
			description: 'Always use this tool for the final output to the user.',
			parameters: { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] },
		};
		const tools = [weather, final].map((one) => ({ type: 'function', ...one }));
		const { output } = await world.calls.run(STRUCTURED, { prompt: 'I am 36', tools });
		expect((output as Json).tool_calls).toMatchObject([
			{ function: { name: final.name, arguments: '{"age":36}' } },
		]);
	});

	describe('that a prompt offers', () => {
		const offer = `You can call tools, each with the JSON schema of its arguments:\n${JSON.stringify([weather, calculator])}\nTo call some, answer with {"tool_calls":[{"name":"…","arguments":{…}}]} and nothing else.`;
		const call = JSON.stringify({ tool_calls: [{ name: 'get_weather', arguments: args }] });

		it.each<[string, string, object, object]>([
			[
				'messages',
				GPT,
				{ messages: [{ role: 'system', content: offer }, user(question)] },
				{
					messages: [
						{ role: 'system', content: offer },
						user(question),
						{ role: 'assistant', content: call },
						user('Result: Sunny'),
					],
				},
			],
			[
				'a system prompt',
				LLAMA,
				{ system_prompt: offer, prompt: question },
				{
					system_prompt: offer,
					prompt: `User: ${question}\n\nAssistant: ${call}\n\nUser: Result: Sunny\n\nAssistant:`,
				},
			],
			[
				'a prompt',
				'deepseek-ai/deepseek-v3.1',
				{ prompt: `${offer}\n\n${question}` },
				{
					prompt: `${offer}\n\nUser: ${question}\n\nAssistant: ${call}\n\nUser: Result: Sunny\n\nAssistant:`,
				},
			],
		])('%s: %s', async (_where, name, first, second) => {
			expect(textOf(await world.calls.run(name, first))).toBe(call);
			expect(textOf(await world.calls.run(name, second))).toBe('The tool says: Result: Sunny');
		});

		it('and answers in words where it needs none', async () => {
			const messages = [{ role: 'system', content: offer }, user('Hello')];
			expect(textOf(await world.calls.run(GPT, { messages }))).toBe('You said "Hello".');
		});
	});
});
