import { TextQueue } from '../../../nodes/ReplicateChatModel/textQueue';
import fc from 'fast-check';
import type { JsonValue } from '../../../nodes/shared/api/json';
import type { Prediction } from '../../../nodes/shared/api/shapes';
import { AnswerStream, readAnswer } from '../../../nodes/shared/chat/answer';
import { usageOf } from '../../../nodes/shared/chat/usage';
import { MODELS } from './models';

const ended = (output: JsonValue, metrics = {}) =>
	({ id: 'p', status: 'succeeded', output, metrics }) as Prediction;
const TOOL = { name: 'add', parameters: { type: 'object', properties: { a: { type: 'number' } } } };

describe('an answer', () => {
	it.each<[JsonValue, string]>([
		[['Hel', 'lo'], 'Hello'],
		['Hello', 'Hello'],
		[[], ''],
		[null, ''],
		[{ text: 'Hello', json_output: null }, 'Hello'],
		[{ text: null, json_output: { a: 1 } }, '{"a":1}'],
		[{ text: null, json_output: null }, ''],
		[{ answer: 42 }, '{"answer":42}'],
		[42, '42'],
		['https://example.com', 'https://example.com'],
		['<think>Let me see.\n</think>\n\nHello', 'Hello'],
		['<think>never ends', '<think>never ends'],
		['A <think>tag</think> inside', 'A <think>tag</think> inside'],
	])('of the output %j is %j', (output, text) => {
		expect(readAnswer(ended(output), MODELS.gpt, [])).toEqual({ text, calls: [] });
	});

	it('of a model with tools has its calls', () => {
		const output = {
			text: 'Let me add',
			tool_calls: [{ id: 'c', function: { name: 'add', arguments: '{"a":1}' } }],
		};
		expect(readAnswer(ended(output), MODELS.structured, [TOOL])).toEqual({
			text: 'Let me add',
			calls: [{ id: 'c', name: 'add', arguments: { a: 1 } }],
		});
		const wrong = { tool_calls: [{ id: 'c', function: { name: 'sub', arguments: '{}' } }] };
		expect(readAnswer(ended(wrong), MODELS.structured, [TOOL])).toMatchObject({
			calls: [],
			invalid: expect.stringContaining('"sub"') as string,
		});
	});

	it('of another model has those of its text', () => {
		const text = '{"tool_calls":[{"name":"add","arguments":{"a":1}}]}';
		expect(readAnswer(ended(text), MODELS.claude, [TOOL])).toMatchObject({
			text: '',
			calls: [{ name: 'add', arguments: { a: 1 } }],
		});
		expect(readAnswer(ended(text.replace('1', '"1"')), MODELS.claude, [TOOL]).invalid).toBeTruthy();
		expect(readAnswer(ended('Hello'), MODELS.claude, [TOOL])).toEqual({ text: 'Hello', calls: [] });
	});

	it('passed on in any parts is the same text without its thoughts', () => {
		const parts = fc.array(
			fc.oneof(fc.string(), fc.constantFrom('<think>', '</think>', '<th', 'ink>', ' ', 'a\n')),
		);
		fc.assert(
			fc.property(parts, (given) => {
				const stream = new AnswerStream();
				const passedOn = given.map((part) => stream.take(part)).join('');
				const { text } = readAnswer(ended(given), MODELS.gpt, []);
				// The rest is passed on at the end.
				expect(text.startsWith(passedOn)).toBe(true);
			}),
			{ numRuns: 1_000 },
		);
	});

	it('is passed on as soon as it cannot be a thought', () => {
		const stream = new AnswerStream();
		expect(['Hel', 'lo'].map((part) => stream.take(part))).toEqual(['Hel', 'lo']);
		const thinking = new AnswerStream();
		const parts = ['<thi', 'nk>hm', '</think>\n', 'Hi', ' there'];
		expect(parts.map((part) => thinking.take(part))).toEqual(['', '', '', 'Hi', ' there']);
	});
});

describe('the tokens that an answer used', () => {
	it.each([
		[
			{ input_token_count: 3, output_token_count: 4 },
			{ promptTokens: 3, completionTokens: 4, totalTokens: 7 },
		],
		[{ predict_time: 1 }, undefined],
		[{ input_token_count: 3 }, undefined],
		[{ input_token_count: -1, output_token_count: 4 }, undefined],
		[{ input_token_count: '3', output_token_count: 4 }, undefined],
	])('%j', (metrics, usage) => {
		expect(usageOf(ended(null, metrics))).toEqual(usage);
	});
});

describe('an answer that is streamed', () => {
	it('goes on as one part for all that has queued up, and loses nothing of what comes later', async () => {
		const queue = new TextQueue();
		for (const text of ['Once ', '', 'upon ', 'a ', 'time']) queue.add(text);
		const parts: string[] = [];
		for await (const part of queue) {
			parts.push(part);
			if (parts.length === 1) for (const text of [' there', ' was']) queue.add(text);
			else queue.end();
		}
		expect(parts).toEqual(['Once upon a time', ' there was']);
	});
});
