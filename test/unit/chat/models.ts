import type { OpenApiDocument } from '../../../nodes/shared/api/shapes';
import { languageModelOf, type LanguageModel } from '../../../nodes/shared/chat/languageModel';
import type { RunnableModel } from '../../../nodes/shared/models/models';
import { PREDICTION } from '../../../nodes/shared/models/jobKind';
import { modelInputs } from '../../../nodes/shared/schema/modelInputs';

const TOKENS = {
	type: 'array',
	items: { type: 'string' },
	'x-cog-array-type': 'iterator',
	'x-cog-array-display': 'concatenate',
};

/** A schema as Cog writes it. */
export function documentOf(
	properties: object,
	output: object = TOKENS,
	required: string[] = [],
): OpenApiDocument {
	return {
		components: { schemas: { Input: { type: 'object', properties, required }, Output: output } },
	} as OpenApiDocument;
}

export function runnable(name: string, schema?: OpenApiDocument): RunnableModel {
	return { kind: PREDICTION, version: name, name, schema, inputs: modelInputs(schema) };
}

export const TEXT = { type: 'string' };
export const FILE = { type: 'string', format: 'uri' };
export const FILES = { type: 'array', items: FILE };
const LIST = { type: 'array', items: { type: 'object' }, default: [] };

const language = (name: string, properties: object): LanguageModel =>
	languageModelOf(runnable(name, documentOf(properties)));

/** Shapes of real models. */
export const MODELS = {
	llama3: language('meta/meta-llama-3-70b-instruct', {
		prompt: TEXT,
		prompt_template: { ...TEXT, default: '{prompt}' },
		max_tokens: { type: 'integer', default: 512 },
	}),
	promptOnly: language('acme/continues', { prompt: TEXT }),
	claude: language('anthropic/claude-4-sonnet', {
		prompt: TEXT,
		system_prompt: TEXT,
		image: FILE,
		max_tokens: { type: 'integer', minimum: 1024, maximum: 64_000 },
	}),
	gemini: language('google/gemini-2.5-flash', {
		prompt: TEXT,
		system_instruction: TEXT,
		images: FILES,
		temperature: { type: 'number', minimum: 0, maximum: 2 },
	}),
	gpt: language('openai/gpt-4o-mini', {
		prompt: TEXT,
		system_prompt: TEXT,
		messages: LIST,
		image_input: FILES,
		max_completion_tokens: { type: 'integer' },
		reasoning_effort: { type: 'string', enum: ['low', 'high'] },
	}),
	gptText: language('openai/gpt-4o', { prompt: TEXT, messages: { ...TEXT, default: '[]' } }),
	structured: language('openai/gpt-5-structured', {
		prompt: TEXT,
		instructions: TEXT,
		input_item_list: LIST,
		tools: LIST,
	}),
	tools: language('acme/tools', { messages: LIST, tools: LIST }),
};
