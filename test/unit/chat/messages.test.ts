import type { Turn } from '../../../nodes/shared/chat/conversation';
import { chatInput } from '../../../nodes/shared/chat/messages';
import { MODELS } from './models';

const turn = (role: Turn['role'], text: string, more: Partial<Turn> = {}): Turn => ({
	role,
	text,
	images: [],
	calls: [],
	...more,
});

/** What n8n's chains and agents send, as seen in n8n 2.41. */
const SHAPES: Record<string, Turn[]> = {
	'Basic LLM Chain': [turn('user', 'Hello')],
	'Basic LLM Chain with a system message': [turn('system', 'Be kind'), turn('user', 'Hello')],
	'Information Extractor': [turn('system', 'Extract. Schema: {}'), turn('user', 'I am Ada')],
	'an agent with memory': [
		turn('system', 'Be kind'),
		turn('user', 'Hi'),
		turn('assistant', 'Hello'),
		turn('user', 'Bye'),
	],
	'an agent whose tools were called': [
		turn('system', 'Be kind'),
		turn('user', '1+2? 3+4?'),
		turn('assistant', '', {
			calls: [
				{ id: 'c1', name: 'add', arguments: '{"a":1,"b":2}' },
				{ id: 'c2', name: 'add', arguments: '{"a":3,"b":4}' },
			],
		}),
		turn('tool', '3', { callId: 'c1' }),
		turn('tool', '7', { callId: 'c2' }),
	],
};

const CALLS_AS_TEXT =
	'{"tool_calls":[{"id":"c1","name":"add","arguments":{"a":1,"b":2}},{"id":"c2","name":"add","arguments":{"a":3,"b":4}}]}';
const RESULTS_AS_TEXT = 'Result of the tool call c1:\n3\n\nResult of the tool call c2:\n7';

describe('a conversation as a model’s input', () => {
	const inputOf = (model: keyof typeof MODELS, shape: string) =>
		chatInput(MODELS[model], SHAPES[shape]!).input;

	describe('of a model that takes messages', () => {
		it.each([
			['Basic LLM Chain', [{ role: 'user', content: 'Hello' }]],
			[
				'Basic LLM Chain with a system message',
				[
					{ role: 'system', content: 'Be kind' },
					{ role: 'user', content: 'Hello' },
				],
			],
			[
				'Information Extractor',
				[
					{ role: 'system', content: 'Extract. Schema: {}' },
					{ role: 'user', content: 'I am Ada' },
				],
			],
			[
				'an agent with memory',
				[
					{ role: 'system', content: 'Be kind' },
					{ role: 'user', content: 'Hi' },
					{ role: 'assistant', content: 'Hello' },
					{ role: 'user', content: 'Bye' },
				],
			],
			[
				'an agent whose tools were called',
				[
					{ role: 'system', content: 'Be kind' },
					{ role: 'user', content: '1+2? 3+4?' },
					{ role: 'assistant', content: CALLS_AS_TEXT },
					{ role: 'user', content: 'Result of the tool call c1:\n3' },
					{ role: 'user', content: 'Result of the tool call c2:\n7' },
				],
			],
		])('%s', (shape, messages) => {
			expect(inputOf('gpt', shape)).toEqual({ messages });
			expect(inputOf('gptText', shape)).toEqual({ messages: JSON.stringify(messages) });
		});

		it('and tools: calls and results are parts of the conversation', () => {
			const call = (id: string, args: string) => ({
				id,
				type: 'function',
				function: { name: 'add', arguments: args },
			});
			expect(inputOf('tools', 'an agent whose tools were called')).toEqual({
				messages: [
					{ role: 'system', content: 'Be kind' },
					{ role: 'user', content: '1+2? 3+4?' },
					{
						role: 'assistant',
						content: null,
						tool_calls: [call('c1', '{"a":1,"b":2}'), call('c2', '{"a":3,"b":4}')],
					},
					{ role: 'tool', tool_call_id: 'c1', content: '3' },
					{ role: 'tool', tool_call_id: 'c2', content: '7' },
				],
			});
		});

		it('as items of OpenAI’s Responses API', () => {
			const call = (id: string, args: string) => ({
				type: 'function_call',
				call_id: id,
				name: 'add',
				arguments: args,
			});
			expect(inputOf('structured', 'an agent whose tools were called')).toEqual({
				instructions: 'Be kind',
				input_item_list: [
					{ role: 'user', content: '1+2? 3+4?' },
					call('c1', '{"a":1,"b":2}'),
					call('c2', '{"a":3,"b":4}'),
					{ type: 'function_call_output', call_id: 'c1', output: '3' },
					{ type: 'function_call_output', call_id: 'c2', output: '7' },
				],
			});
		});

		it('whose prompt is required as well', () => {
			const model = { ...MODELS.gpt, prompt: { ...MODELS.gpt.prompt!, required: true } };
			expect(chatInput(model, SHAPES['an agent with memory']!).input.prompt).toBe('Bye');
		});
	});

	describe('of a model that takes a prompt', () => {
		it.each<[string, object, object]>([
			['Basic LLM Chain', { prompt: 'Hello' }, { prompt: 'Hello' }],
			[
				'Basic LLM Chain with a system message',
				{ system_prompt: 'Be kind', prompt: 'Hello' },
				{ prompt: 'Be kind\n\nHello' },
			],
			[
				'an agent with memory',
				{
					system_prompt: 'Be kind',
					prompt: 'User: Hi\n\nAssistant: Hello\n\nUser: Bye\n\nAssistant:',
				},
				{ prompt: 'Be kind\n\nUser: Hi\n\nAssistant: Hello\n\nUser: Bye\n\nAssistant:' },
			],
			[
				'an agent whose tools were called',
				{
					system_prompt: 'Be kind',
					prompt: `User: 1+2? 3+4?\n\nAssistant: ${CALLS_AS_TEXT}\n\nUser: ${RESULTS_AS_TEXT}\n\nAssistant:`,
				},
				{
					prompt: `Be kind\n\nUser: 1+2? 3+4?\n\nAssistant: ${CALLS_AS_TEXT}\n\nUser: ${RESULTS_AS_TEXT}\n\nAssistant:`,
				},
			],
		])('%s', (shape, withSystem, withoutSystem) => {
			expect(inputOf('claude', shape)).toEqual(withSystem);
			expect(inputOf('promptOnly', shape)).toEqual(withoutSystem);
		});

		it('in the model’s own format, with the frame around it taken away', () => {
			const { prompt, ...frame } = inputOf('llama3', 'an agent with memory');
			expect(frame).toEqual({ prompt_template: '{prompt}' });
			expect(prompt).toMatch(/^<\|begin_of_text\|>.*Be kind.*Hi.*Hello.*Bye.*assistant.*\n\n$/s);
		});

		it('begins with an assistant’s turn where the conversation does', () => {
			const { input } = chatInput(MODELS.promptOnly, [
				turn('assistant', 'How can I help?'),
				turn('user', 'Sing'),
			]);
			expect(input).toEqual({ prompt: 'Assistant: How can I help?\n\nUser: Sing\n\nAssistant:' });
		});
	});

	it.each(Object.keys(MODELS) as Array<keyof typeof MODELS>)(
		'asks %s what a chain gives as a system message only',
		(model) => {
			const { input } = chatInput(MODELS[model], [turn('system', 'Say hello')]);
			expect(JSON.stringify(input)).toContain('Say hello');
			expect(input.system_prompt ?? input.instructions).toBeUndefined();
		},
	);

	it('begins with the system prompt of the node', () => {
		const extras = { system: 'Answer briefly' };
		const { input } = chatInput(MODELS.claude, SHAPES['an agent with memory']!, extras);
		expect(input.system_prompt).toBe('Answer briefly\n\nBe kind');
	});

	it.each([
		['no message', []],
		['an empty one', [turn('user', ' ')]],
		['an empty system message', [turn('system', '')]],
	])('is refused with %s', (_name, turns) => {
		expect(() => chatInput(MODELS.gpt, turns)).toThrow(
			'There is no message for the model to answer',
		);
	});

	it('has its images, those of the node first', () => {
		const turns = [turn('user', 'What is it?', { images: ['https://b.example/2.png'] })];
		const { images } = chatInput(MODELS.claude, turns, { images: ['https://a.example/1.png'] });
		expect(images).toEqual(['https://a.example/1.png', 'https://b.example/2.png']);
		expect(chatInput(MODELS.gpt, [turn('user', '', { images })]).images).toEqual(images);
	});

	it('has no turn of a memory that says nothing, for a model that takes messages', () => {
		const turns = [
			turn('user', 'Hi'),
			turn('assistant', ' '),
			turn('user', ''),
			turn('user', 'Bye'),
		];
		expect(chatInput(MODELS.gpt, turns).input.messages).toEqual([
			{ role: 'user', content: 'Hi' },
			{ role: 'user', content: 'Bye' },
		]);
	});

	it.each([
		['video', 'video/mp4'],
		['audio', 'audio/mpeg'],
		['document', 'application/pdf'],
	] as const)('is refused with a %s that the model does not take', (kind, type) => {
		const media = [{ kind, type, address: `data:${type};base64,AAAA` }];
		expect(() => chatInput(MODELS.gpt, [turn('user', 'What is it?', { media })])).toThrow(
			`A message holds a file of the type ${type}`,
		);
	});

	it('is refused with images that the model cannot see', () => {
		const turns = [turn('user', 'What is it?', { images: ['https://b.example/2.png'] })];
		expect(() => chatInput(MODELS.promptOnly, turns)).toThrow(
			'The model "acme/continues" cannot see images',
		);
	});
});
