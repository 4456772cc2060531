import type { ToolChoice } from '../shared/chat/tools';
import type { ReplicateChat } from './chatModel';

/*
 * What n8n's SDK (0.7 to 0.31) leaves out between LangChain and a chat model: images as n8n's own
 * chains and agents write them, text alone as a text, which tool must be called, and a count of tokens.
 * All are put back here, at the one object that LangChain sees, as long as the SDK has the methods.
 */

/** LangChain's message, as far as it is looked at. */
interface LangChainMessage {
	content: unknown;
}

/** A message of the model. */
interface AnswerMessage extends LangChainMessage {
	tool_calls?: Array<{ name: string; args: unknown }>;
}

/** What LangChain hands over of an answer, whole or chunk by chunk. */
interface Generation {
	message: LangChainMessage;
}

/** The SDK's adapter of a chat model to LangChain. */
interface Adapter {
	chatModel?: ReplicateChat;
	_generate?: (
		messages: LangChainMessage[],
		...rest: unknown[]
	) => Promise<{ generations: Generation[] }>;
	_streamResponseChunks?: (
		messages: LangChainMessage[],
		...rest: unknown[]
	) => AsyncGenerator<Generation>;
	bindTools?: (tools: unknown[], options?: { tool_choice?: unknown }) => Adapter;
	withStructuredOutput?: (schema: unknown, config?: StructuredConfig) => unknown;
	pipe?: (next: (message: AnswerMessage) => unknown) => unknown;
	getNumTokens?: (content: string | Part[]) => Promise<number>;
}

/** LangChain's own estimate, where it has no vocabulary. */
const CHARACTERS_PER_TOKEN = 4;

/** Completes what `supplyModel` has made, and whatever is made of it by binding tools. */
export function completed(response: unknown): unknown {
	const adapter = response as Adapter;
	const { _generate: generate, _streamResponseChunks: stream } = adapter;
	if (typeof generate === 'function') {
		adapter._generate = async (messages, ...rest) => {
			const result = await generate.call(adapter, messages.map(withStandardParts), ...rest);
			for (const { message } of result.generations) joinText(message);
			return result;
		};
	}
	if (typeof stream === 'function') {
		adapter._streamResponseChunks = async function* (messages, ...rest) {
			for await (const chunk of stream.call(adapter, messages.map(withStandardParts), ...rest)) {
				joinText(chunk.message);
				yield chunk;
			}
		};
	}
	// LangChain would fetch GPT-2's vocabulary from tiktoken.pages.dev, past n8n's proxy, and try that
	// for more than a minute where it cannot be reached.
	adapter.getNumTokens = async (content) => await Promise.resolve(tokensIn(content));
	const bind = adapter.bindTools;
	if (typeof bind === 'function') {
		adapter.bindTools = (tools, options) => {
			const bound = bind.call(adapter, tools.map(withSchema), options);
			if (bound.chatModel) bound.chatModel.toolChoice = toolChoiceOf(options?.tool_choice);
			return completed(bound) as Adapter;
		};
	}
	const { withStructuredOutput: structured } = adapter;
	if (typeof structured === 'function' && typeof bind === 'function') {
		adapter.withStructuredOutput = (schema, config = {}) => {
			const isJsonMode = config.method !== undefined && config.method !== 'functionCalling';
			if (isJsonMode) return structured.call(adapter, schema, config);
			return structuredOutput(adapter, schema, config);
		};
	}
	return adapter;
}

/** How LangChain asks for an object instead of words. */
interface StructuredConfig {
	name?: string;
	method?: string;
	includeRaw?: boolean;
}

/**
 * The model as one that gives an object. It is told to call the one tool whose arguments are the
 * object; LangChain's own way only offers the tool, and reads nothing but chunks of messages (1.2.8).
 */
function structuredOutput(
	adapter: Adapter,
	schema: unknown,
	{ name, includeRaw = false }: StructuredConfig,
): unknown {
	const written = (schema ?? {}) as { name?: unknown; description?: unknown; parameters?: unknown };
	// OpenAI's definition of a function has the schema inside of it.
	const isFunction = typeof written.name === 'string' && written.parameters !== undefined;
	const named = typeof written.name === 'string' ? written.name : undefined;
	const tool = {
		name: name ?? named ?? 'extract',
		description:
			typeof written.description === 'string' ? written.description : 'The answer, as an object',
		schema: isFunction ? written.parameters : schema,
	};
	const bound = adapter.bindTools!([tool], { tool_choice: tool.name });
	const argumentsOf = ({ tool_calls: calls = [] }: AnswerMessage) => {
		const call = calls.find((one) => one.name === tool.name);
		if (call) return call.args;
		throw new Error(`The model did not give the object "${tool.name}"`);
	};
	return bound.pipe!((raw: AnswerMessage) => {
		if (!includeRaw) return argumentsOf(raw);
		try {
			return { raw, parsed: argumentsOf(raw) };
		} catch {
			return { raw, parsed: null };
		}
	});
}

/** LangChain's words for which tool is called, and those of OpenAI, Anthropic and Google. */
function toolChoiceOf(choice: unknown): ToolChoice {
	if (typeof choice === 'string') {
		if (choice === '' || choice === 'auto') return { kind: 'auto' };
		if (choice === 'none') return { kind: 'none' };
		return choice === 'any' || choice === 'required'
			? { kind: 'any' }
			: { kind: 'one', name: choice };
	}
	const {
		type,
		name,
		function: named,
	} = (choice ?? {}) as {
		type?: unknown;
		name?: unknown;
		function?: { name?: unknown };
	};
	const wanted = named?.name ?? name;
	if (typeof wanted === 'string') return { kind: 'one', name: wanted };
	return type === undefined ? { kind: 'auto' } : toolChoiceOf(type);
}

/** Anthropic's tools have their schema under another name, which the SDK does not know. */
function withSchema(tool: unknown): unknown {
	if (typeof tool !== 'object' || tool === null || !('input_schema' in tool)) return tool;
	const { input_schema: schema, ...rest } = tool;
	return { ...rest, schema };
}

/**
 * Text alone as a text. The SDK makes a list of parts of it, which the output parsers of LangChain
 * 1.1.34 and 1.1.41 refuse (n8n 2.16 and 2.20).
 */
function joinText(message: LangChainMessage): void {
	const { content } = message;
	if (!Array.isArray(content)) return;
	const texts = content.flatMap(({ type, text }: Part) =>
		type === 'text' && typeof text === 'string' ? [text] : [],
	);
	if (texts.length === content.length) message.content = texts.join('');
}

/** Chains only ask whether a text is short. */
function tokensIn(content: string | Part[]): number {
	const texts = typeof content === 'string' ? [content] : content.map(({ text }) => text ?? '');
	return Math.ceil(texts.join('').length / CHARACTERS_PER_TOKEN);
}

/** The same message with its images and files in LangChain's standard parts, which the SDK reads. */
function withStandardParts(message: LangChainMessage): LangChainMessage {
	const { content } = message;
	if (!Array.isArray(content)) return message;
	const parts = content.map(standardPart);
	if (parts.every((part, at) => part === content[at])) return message;
	const copy = Object.create(Object.getPrototypeOf(message) as object) as LangChainMessage;
	return Object.assign(copy, message, { content: parts });
}

interface Part {
	type?: unknown;
	text?: string;
	[key: string]: unknown;
}

/** What of a part says where a file is, and of what type. */
interface FilePart {
	url?: string;
	data?: unknown;
	mimeType?: string;
}

/** Parts that are no file: text, and what is only of use to whoever wrote it. */
const NO_FILES = new Set([
	...['text', 'reasoning', 'thinking', 'redacted_thinking', 'citation', 'non_standard'],
	...['tool_call', 'tool_use', 'tool_result', 'tool_call_chunk', 'invalid_tool_call'],
	...['server_tool_call', 'server_tool_call_chunk', 'server_tool_call_result'],
]);

/**
 * A part in the form that the SDK reads. It drops parts of a type that it does not know, and the
 * question would be paid for without them; each is a file here, so that it is sent or refused by type.
 */
function standardPart(part: Part): unknown {
	if (typeof part !== 'object' || part === null || NO_FILES.has(String(part.type))) return part;
	const { url, data, mimeType } = filePartOf(part);
	return { type: 'file', mimeType, data, ...(url === undefined ? {} : { url }) };
}

/** A file as LangChain, OpenAI, Anthropic and Google write it, each under names of its own. */
function filePartOf(part: Part): FilePart {
	const type = String(part.type);
	const inner = innerOf(part);
	const url = firstText(inner, ['url', 'file_url', 'fileUri', 'file_uri', 'file_data']);
	const mimeType = firstText(inner, ['mimeType', 'mime_type', 'media_type']) ?? typeOf(type, inner);
	return { url, data: inner.data, mimeType };
}

/** The object of a part that has the file: many wrap it under the part's own name. */
function innerOf(part: Part): Record<string, unknown> {
	const wrapped = part[String(part.type)] ?? part.source ?? part.file;
	if (typeof wrapped === 'string') return { url: wrapped };
	return typeof wrapped === 'object' && wrapped !== null
		? { ...part, ...(wrapped as Record<string, unknown>) }
		: part;
}

function firstText(from: Record<string, unknown>, names: string[]): string | undefined {
	return names
		.map((name) => from[name])
		.find((value): value is string => typeof value === 'string');
}

/** What a part's own name says of its file, where the part does not say it. */
function typeOf(type: string, { format }: Record<string, unknown>): string | undefined {
	const kind = /^(?:input_)?(image|audio|video)/.exec(type)?.[1];
	if (kind) return `${kind}/${typeof format === 'string' ? format : '*'}`;
	if (type === 'document') return 'application/pdf';
	return type === 'file' || type === 'input_file' || type === 'media' ? undefined : type;
}
