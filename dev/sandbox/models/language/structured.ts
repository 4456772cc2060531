import { randomUUID } from 'node:crypto';
import type { AnsweredCall, Language } from '../../language';
import type { RunContext, SandboxModel } from '../model';
import { choice, files, flag, inputSchema, NULLABLE, text, values, whole } from '../today/schema';
import { echoOf, madeUpAnswer } from './answer';
import { filled } from './filled';
import { parsed, toolsOf, type JsonSchema } from './jsonInText';
import { heard, limited } from './reply';

const OBJECTS = { type: 'array', items: { type: 'object' }, default: [] };

/**
 * Takes tools, and gives an object. Tools are OpenAI's functions, as the Responses API has them
 * (`{type, name, parameters}`) or as chat completions have them (`{type, function}`). How Replicate's
 * gives its calls is not known; here `tool_calls` is in the form of chat completions, and with
 * `language.callsAs = 'output'`, `output` in that of the Responses API.
 */
export const structured: SandboxModel = {
	owner: 'openai',
	name: 'gpt-5-structured',
	description: 'Replies with JSON in the shape that you give, and calls tools',
	official: true,
	// The inputs are those of August 2025; `tool_calls` and `output` are assumed.
	schemas: {
		Input: inputSchema({
			model: choice('model', 'Which model replies', 'gpt-5'),
			prompt: text('What to say to the model, unless input_item_list is given', NULLABLE),
			instructions: text('How the model is to behave', NULLABLE),
			input_item_list: { ...OBJECTS, description: 'The conversation, as OpenAI’s "input"' },
			image_input: files('Images to show to the model', { default: [] }),
			tools: { ...OBJECTS, description: 'Tools that the model may call' },
			json_schema: { type: 'object', default: {}, description: 'JSON schema of the reply' },
			simple_schema: { type: 'array', items: { type: 'string' }, default: [] },
			reasoning_effort: choice('reasoning_effort', 'How long it thinks', 'minimal'),
			verbosity: choice('verbosity', 'Length of the reply', 'medium'),
			enable_web_search: flag('Search the web', false),
			max_output_tokens: whole('Most tokens of the reply', NULLABLE),
			previous_response_id: text('The reply that this one follows', NULLABLE),
		}),
		model: values('model', 'gpt-5', 'gpt-5-mini', 'gpt-5-nano'),
		reasoning_effort: values('reasoning_effort', 'minimal', 'low', 'medium', 'high'),
		verbosity: values('verbosity', 'low', 'medium', 'high'),
		Output: {
			type: 'object',
			title: 'Output',
			properties: {
				text: { type: 'string', title: 'Text', nullable: true },
				json_output: { type: 'object', title: 'Json Output', nullable: true },
				response_id: { type: 'string', title: 'Response Id' },
				tool_calls: {
					type: 'array',
					title: 'Tool Calls',
					items: { type: 'object' },
					nullable: true,
				},
				output: { type: 'array', title: 'Output', items: { type: 'object' }, nullable: true },
			},
		},
	},
	run,
};

async function run(context: RunContext): Promise<object> {
	const { input, language } = context;
	const conversation = await heard(context);
	const offered = toolsOf(input.tools as unknown[]);
	const answer = (await context.scriptedAnswer()) ?? madeUpAnswer(conversation, { offered });
	if (answer.error !== undefined) throw new Error(answer.error);
	const { toolCalls = [] } = answer;
	const schema = toolCalls.length > 0 ? undefined : readSchema(input);
	const said = limited(answer.text ?? '', context).join('');
	return {
		text: schema || answer.text === undefined ? null : said,
		// A scripted answer may be the object itself.
		json_output: schema ? (parsed(said) ?? filled(schema, { text: echoOf(conversation) })) : null,
		response_id: `resp_${randomUUID().replaceAll('-', '')}`,
		...(toolCalls.length > 0 ? callsOutput(toolCalls, language) : {}),
	};
}

function callsOutput(calls: AnsweredCall[], { callsAs }: Language): object {
	const made = calls.map(({ name, arguments: given }) => ({
		id: `call_${randomUUID().replaceAll('-', '')}`,
		name,
		arguments: typeof given === 'string' ? given : JSON.stringify(given),
	}));
	if (callsAs === 'output') {
		// Its `id` is only the item's own; `call_id` is what a result names.
		const items = made.map(({ id: call_id, ...call }) => ({
			type: 'function_call',
			id: call_id.replace('call_', 'fc_'),
			call_id,
			...call,
		}));
		return { output: items };
	}
	const tool_calls = made.map(({ id, ...call }) => ({ id, type: 'function', function: call }));
	return { tool_calls };
}

/** The schema that the reply has to fit: inside of OpenAI's `format`, bare, or by names of fields. */
function readSchema(input: Record<string, unknown>): JsonSchema | undefined {
	const given = input.json_schema as { format?: { schema?: JsonSchema } } & JsonSchema;
	if (Object.keys(given).length > 0) return given.format?.schema ?? given;
	const fields = (input.simple_schema as string[]).map((field) => field.split(':'));
	if (fields.length === 0) return undefined;
	const properties = Object.fromEntries(
		fields.map(([name, type, items]) => [
			name!,
			type === 'list' ? { type: 'array', items: typeNode(items) } : typeNode(type),
		]),
	);
	return { type: 'object', properties, required: Object.keys(properties) };
}

function typeNode(name = 'string'): JsonSchema {
	const types: Record<string, string> = { bool: 'boolean', int: 'integer', str: 'string' };
	return { type: types[name] ?? name };
}
