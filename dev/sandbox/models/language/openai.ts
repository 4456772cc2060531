import type { SandboxModel } from '../model';
import {
	choice,
	decimal,
	files,
	inputSchema,
	NULLABLE,
	OUTPUT,
	text,
	values,
	whole,
	type Schema,
} from '../today/schema';
import { replies } from './reply';

/** Replicate's own description calls it a JSON string; its schema has a list (pages of the models). */
const MESSAGES: Schema = {
	type: 'array',
	items: { type: 'object' },
	default: [],
	description:
		'A JSON string representing a list of messages, such as [{"role": "user", "content": "Hello"}]. When it is given, the prompt and the system prompt are ignored.',
};

const conversation = {
	prompt: text('What to say to the model, unless messages are given', NULLABLE),
	system_prompt: text('How the model is to behave', NULLABLE),
	messages: MESSAGES,
	image_input: files('Images to show to the model', { default: [] }),
};

/** A conversation as `messages`, and nothing that is required. */
const gpt4o: SandboxModel['schemas'] = {
	Input: inputSchema({
		...conversation,
		temperature: decimal('How much chance plays', 0, 2, 1),
		top_p: decimal('Share of likely tokens that it draws from', 0, 1, 1),
		max_completion_tokens: whole('Most tokens of the reply', { default: 4096 }),
		presence_penalty: decimal('Penalty for what was mentioned', -2, 2, 0),
		frequency_penalty: decimal('Penalty for what was mentioned often', -2, 2, 0),
	}),
	Output: OUTPUT.tokens,
};

const gpt5: SandboxModel['schemas'] = {
	Input: inputSchema({
		...conversation,
		verbosity: choice('verbosity', 'Length of the reply', 'medium'),
		reasoning_effort: choice('reasoning_effort', 'How long it thinks', 'minimal'),
		max_completion_tokens: whole('Most tokens of the reply', NULLABLE),
	}),
	verbosity: values('verbosity', 'low', 'medium', 'high'),
	reasoning_effort: values('reasoning_effort', 'minimal', 'low', 'medium', 'high'),
	Output: OUTPUT.tokens,
};

function talks(name: string, description: string, schemas: SandboxModel['schemas']): SandboxModel {
	return { owner: 'openai', name, description, official: true, schemas, run: replies() };
}

export const openai: SandboxModel[] = [
	talks('gpt-4o-mini', 'Talks, and sees images', gpt4o),
	talks('gpt-4o', 'Talks at length, and sees images', gpt4o),
	talks('gpt-5', 'Talks, sees images and reasons', gpt5),
];
