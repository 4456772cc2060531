import { isLocalFile } from '../inputPicture';
import type { RunContext, SandboxModel } from '../model';
import { speak, tokensOf } from '../speak';
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
	type Schema,
} from './schema';

const MESSAGES: Schema = {
	type: 'array',
	items: { type: 'object' },
	default: [],
	description:
		'The conversation so far, such as [{"role": "user", "content": "Hello"}]. When it is given, the prompt and the system prompt are ignored.',
};

const conversation = {
	prompt: text('What to say to the model, unless messages are given', NULLABLE),
	system_prompt: text('How the model is to behave', NULLABLE),
	messages: MESSAGES,
	image_input: files('Images to show to the model', { default: [] }),
};

/** A conversation as `messages`, and nothing that is required. */
const gpt4o: SandboxModel = {
	owner: 'openai',
	name: 'gpt-4o-mini',
	description: 'Talks, and sees images',
	official: true,
	schemas: {
		Input: inputSchema({
			...conversation,
			temperature: decimal('How much chance plays', 0, 2, 1),
			top_p: decimal('Share of likely tokens that it draws from', 0, 1, 1),
			max_completion_tokens: whole('Most tokens of the reply', { default: 4096 }),
			presence_penalty: decimal('Penalty for what was mentioned', -2, 2, 0),
			frequency_penalty: decimal('Penalty for what was mentioned often', -2, 2, 0),
		}),
		Output: OUTPUT.tokens,
	},
	run: reply,
};

const gpt5: SandboxModel = {
	owner: 'openai',
	name: 'gpt-5',
	description: 'Talks, sees images and reasons',
	official: true,
	schemas: {
		Input: inputSchema({
			...conversation,
			verbosity: choice('verbosity', 'Length of the reply', 'medium'),
			reasoning_effort: choice('reasoning_effort', 'How long it thinks', 'minimal'),
			max_completion_tokens: whole('Most tokens of the reply', NULLABLE),
		}),
		verbosity: values('verbosity', 'low', 'medium', 'high'),
		reasoning_effort: values('reasoning_effort', 'minimal', 'low', 'medium', 'high'),
		Output: OUTPUT.tokens,
	},
	run: reply,
};

/** Gives an object in the shape that it is asked for, and takes lists of objects. */
const gpt5Structured: SandboxModel = {
	owner: 'openai',
	name: 'gpt-5-structured',
	description: 'Replies with JSON in the shape that you give',
	official: true,
	schemas: {
		Input: inputSchema({
			model: choice('model', 'Which model replies', 'gpt-5'),
			prompt: text('What to say to the model', NULLABLE),
			instructions: text('How the model is to behave', NULLABLE),
			input_item_list: { type: 'array', items: { type: 'object' }, default: [] },
			image_input: files('Images to show to the model', { default: [] }),
			tools: { type: 'array', items: { type: 'object' }, default: [] },
			json_schema: { type: 'object', default: {}, description: 'JSON schema of the reply' },
			simple_schema: { type: 'array', items: { type: 'string' }, default: [] },
			enable_web_search: flag('Search the web', false),
		}),
		model: values('model', 'gpt-5', 'gpt-5-mini', 'gpt-5-nano'),
		Output: {
			type: 'object',
			title: 'Output',
			properties: {
				text: { type: 'string', title: 'Text', nullable: true },
				json_output: { type: 'object', title: 'Json Output', nullable: true },
				response_id: { type: 'string', title: 'Response Id' },
			},
		},
	},
	async run(context) {
		const { input } = context;
		const reply = await said(context);
		const { properties = {} } = input.json_schema as { properties?: object };
		const keys = [...Object.keys(properties), ...(input.simple_schema as string[])];
		const json = Object.fromEntries(keys.map((key) => [key, reply]));
		return {
			text: keys.length > 0 ? null : reply,
			json_output: keys.length > 0 ? json : null,
			response_id: 'resp_sandbox',
		};
	},
};

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
	run: reply,
};

async function reply(context: RunContext): Promise<string[]> {
	const { input } = context;
	const tokens = tokensOf(await said(context));
	const most = Number(input.max_completion_tokens ?? input.max_tokens ?? Infinity);
	return await speak(tokens.slice(0, most), context);
}

/** Says back what was said last, and how many images came with it. */
async function said({ input, fetchFile, metric }: RunContext): Promise<string> {
	const messages = [input.messages, input.input_item_list].flat().filter(Boolean) as Message[];
	const last = messages.at(-1)?.content ?? input.prompt ?? '';
	const asked = typeof last === 'string' ? last : JSON.stringify(last);
	const shown = [input.image_input, input.image].flat().filter(Boolean);
	for (const address of shown) if (isLocalFile(address)) await fetchFile(address);
	const images = shown.length > 0 ? ` I see ${shown.length} image(s).` : '';
	const text = `You said "${asked}".${images}`;
	metric('input_token_count', tokensOf(asked).length);
	metric('output_token_count', tokensOf(text).length);
	return text;
}

interface Message {
	role: string;
	content: unknown;
}

export const chat: SandboxModel[] = [gpt4o, gpt5, gpt5Structured, claude];
