import { parameterInput, type ChatParameters } from '../../../nodes/shared/chat/parameters';
import { parameterHints } from '../../../nodes/ReplicateChatModel/parameterHints';
import { documentOf, MODELS, runnable, TEXT } from './models';
import { languageModelOf } from '../../../nodes/shared/chat/languageModel';

describe('the parameters of a chat model', () => {
	it.each<[keyof typeof MODELS, ChatParameters, object]>([
		['llama3', { maxTokens: 100 }, { max_tokens: 100 }],
		['gpt', { maxTokens: 100 }, { max_completion_tokens: 100 }],
		['gemini', { temperature: 0 }, { temperature: 0 }],
		['gpt', { reasoningEffort: 'high' }, { reasoning_effort: 'high' }],
		['gpt', {}, {}],
	])('are the inputs of %s: %j', (model, parameters, input) => {
		expect(parameterInput(MODELS[model], parameters)).toEqual({ input, changed: [] });
	});

	it('that a model lacks are not sent, and said', () => {
		// The answer is cut at a stop text instead, so there is nothing to say.
		const given = { topP: 0.5, reasoningEffort: 'low', stop: ['x'] };
		const { input, changed } = parameterInput(MODELS.claude, given);
		expect(input).toEqual({});
		expect(parameterHints('anthropic/claude-4-sonnet', changed)).toEqual([
			'anthropic/claude-4-sonnet has no input for Top P, so it was not sent.',
			'anthropic/claude-4-sonnet has no input for Reasoning Effort, so it was not sent.',
		]);
	});

	it('are brought within the model’s limits, and said', () => {
		const { input, changed } = parameterInput(MODELS.claude, { maxTokens: 10 });
		expect(input).toEqual({ max_tokens: 1024 });
		expect(parameterHints('anthropic/claude-4-sonnet', changed)).toEqual([
			'anthropic/claude-4-sonnet takes Maximum Number of Tokens of 1024 to 64000, so 1024 was sent.',
		]);
		expect(parameterInput(MODELS.gemini, { temperature: 9 }).input).toEqual({ temperature: 2 });
	});

	it('are refused where they are not among the model’s choices', () => {
		expect(() => parameterInput(MODELS.gpt, { reasoningEffort: 'extreme' })).toThrow(
			'The input "reasoning_effort"',
		);
	});

	it.each([
		[TEXT, 'a,b'],
		[{ type: 'array', items: TEXT }, ['a', 'b']],
	])('give stop sequences as the model takes them: %j', (stop_sequences, sent) => {
		const schema = documentOf({ prompt: TEXT, stop_sequences });
		const model = languageModelOf(runnable('a/b', schema));
		expect(parameterInput(model, { stop: ['a', 'b'] }).input).toEqual({ stop_sequences: sent });
	});
});
