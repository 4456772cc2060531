import type { SandboxModel } from '../model';
import { inputSchema, OUTPUT, text, whole } from '../today/schema';
import { replies, wholeReply } from './reply';

/** Shapes that public models may have, and that none of those here has. */
export const shapes: SandboxModel[] = [
	{
		owner: 'sandbox',
		name: 'json-messages',
		description: 'Talks; its messages are a text with JSON',
		official: true,
		schemas: {
			Input: inputSchema({
				prompt: text('What to say to the model, unless messages are given', { default: '' }),
				system_prompt: text('How the model is to behave', { default: '' }),
				messages: text('A JSON string representing a list of messages', { default: '' }),
				max_tokens: whole('Most tokens of the reply', { default: 4096 }),
			}),
			Output: OUTPUT.tokens,
		},
		run: replies(),
	},
	{
		owner: 'sandbox',
		name: 'whole-text',
		description: 'Talks; its output is one text, which cannot be streamed',
		official: true,
		schemas: {
			Input: inputSchema(
				{
					prompt: text('What to say to the model'),
					system_prompt: text('How the model is to behave', { default: '' }),
					max_new_tokens: whole('Most tokens of the reply', { default: 512 }),
				},
				['prompt'],
			),
			Output: { type: 'string', title: 'Output' },
		},
		run: wholeReply,
	},
];
