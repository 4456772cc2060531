import type { SandboxModel } from './model';
import { speak, tokensOf } from './speak';

/** Answers with a list of tokens, as language models do. */
export const tokens: SandboxModel = {
	owner: 'sandbox',
	name: 'tokens',
	description: 'Says a text back, word by word',
	official: true,
	exampleInput: { prompt: 'a red fox in the snow' },
	schemas: {
		Input: {
			type: 'object',
			title: 'Input',
			required: ['prompt'],
			properties: {
				prompt: { type: 'string', title: 'Prompt', 'x-order': 0 },
				max_tokens: {
					type: 'integer',
					title: 'Max Tokens',
					default: 512,
					minimum: 1,
					maximum: 4096,
					'x-order': 1,
				},
			},
		},
		Output: {
			type: 'array',
			title: 'Output',
			items: { type: 'string' },
			'x-cog-array-type': 'iterator',
			'x-cog-array-display': 'concatenate',
		},
	},
	run: async (context) => {
		const { prompt, max_tokens: max } = context.input;
		return await speak(tokensOf(String(prompt)).slice(0, Number(max)), context);
	},
};
