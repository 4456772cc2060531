import type { SandboxModel } from '../model';
import {
	choice,
	decimal,
	file,
	files,
	flag,
	inputSchema,
	NULLABLE,
	OUTPUT,
	text,
	values,
	whole,
} from '../today/schema';
import { replies } from './reply';

/** A required prompt, one image, and a budget for thinking. */
const claude: SandboxModel = {
	owner: 'anthropic',
	name: 'claude-4-sonnet',
	description: 'Talks, sees an image and thinks',
	official: true,
	schemas: {
		Input: inputSchema(
			{
				prompt: text('What to say to the model'),
				system_prompt: text('How the model is to behave', { default: '' }),
				max_tokens: whole('Most tokens of the reply', {
					default: 8192,
					minimum: 1024,
					maximum: 64_000,
				}),
				image: file('Image to show to the model', NULLABLE),
				max_image_resolution: decimal('Largest image in megapixels', 0.001, 2, 0.5),
				extended_thinking: flag('Think before the reply', false),
				thinking_budget_tokens: whole('Most tokens of thinking', {
					default: 1024,
					minimum: 1024,
					maximum: 64_000,
				}),
			},
			['prompt'],
		),
		Output: OUTPUT.tokens,
	},
	run: replies(),
};

/** Lists of images and videos; the system prompt has another name. */
const gemini: SandboxModel = {
	owner: 'google',
	name: 'gemini-2.5-flash',
	description: 'Talks, sees images and videos, and thinks',
	official: true,
	schemas: {
		Input: inputSchema(
			{
				prompt: text('What to say to the model'),
				images: files('Images to show to the model, 10 at most', { default: [] }),
				videos: files('Videos to show to the model, 10 at most', { default: [] }),
				system_instruction: text('How the model is to behave', NULLABLE),
				temperature: decimal('How much chance plays', 0, 2, 1),
				top_p: decimal('Share of likely tokens that it draws from', 0, 1, 0.95),
				max_output_tokens: whole('Most tokens of the reply', {
					default: 65_535,
					minimum: 1,
					maximum: 65_535,
				}),
				thinking_budget: whole('Most tokens of thinking, 0 for none', {
					...NULLABLE,
					minimum: 0,
					maximum: 24_576,
				}),
				dynamic_thinking: flag('Let the model choose how long it thinks', false),
			},
			['prompt'],
		),
		Output: OUTPUT.tokens,
	},
	run: replies(),
};

/**
 * A prompt without a system prompt, and a choice whose value for nothing is the text "None". What it
 * thinks comes before its reply, between tags, as DeepSeek's models write it.
 */
const deepseek: SandboxModel = {
	owner: 'deepseek-ai',
	name: 'deepseek-v3.1',
	description: 'Talks, and thinks aloud',
	official: true,
	schemas: {
		Input: inputSchema({
			prompt: text('What to say to the model', {
				default: 'Why are you better than Deepseek v3?',
			}),
			thinking: choice('thinking', 'How long it thinks', 'None'),
			max_tokens: whole('Most tokens of the reply', { default: 1024 }),
			temperature: { type: 'number', description: 'How much chance plays', default: 0.1 },
			presence_penalty: { type: 'number', description: 'For what was mentioned', default: 0 },
			frequency_penalty: { type: 'number', description: 'For what came often', default: 0 },
			top_p: { type: 'number', description: 'Share of likely tokens', default: 1 },
		}),
		thinking: values('thinking', 'medium', 'None'),
		Output: OUTPUT.tokens,
	},
	run: replies({
		before: ({ thinking }) =>
			thinking === 'medium' ? '<think>\nThe user wants a reply.\n</think>\n\n' : '',
	}),
};

export const prompted: SandboxModel[] = [claude, gemini, deepseek];
