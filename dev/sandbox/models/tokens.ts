import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxModel } from './model';

/** Answers with a list of tokens, as language models do. */
export const tokens: SandboxModel = {
	owner: 'sandbox',
	name: 'tokens',
	description: 'Says a text back, word by word',
	official: true,
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
	async run({ input, setOutput, signal }) {
		const words = String(input.prompt).match(/\s*\S+/g) ?? [];
		const spoken = words.slice(0, Number(input.max_tokens));
		for (let count = 1; count <= spoken.length; count++) {
			setOutput(spoken.slice(0, count));
			await sleep(1, undefined, { signal });
		}
		return spoken;
	},
};
