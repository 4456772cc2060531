import type { ReplicateChat } from './chatModel';

/*
 * What n8n's SDK (0.31) leaves out between LangChain and a chat model: images as n8n's own chains and
 * agents write them, whether a tool must be called, and a count of tokens. All are put back here, at
 * the one object that LangChain sees, as long as the SDK has the methods for it.
 */

/** LangChain's message, as far as it is looked at. */
interface LangChainMessage {
	content: unknown;
}

type Call = (messages: LangChainMessage[], ...rest: unknown[]) => unknown;

/** The SDK's adapter of a chat model to LangChain. */
interface Adapter {
	chatModel?: ReplicateChat;
	_generate?: Call;
	_streamResponseChunks?: Call;
	bindTools?: (tools: unknown[], options?: { tool_choice?: unknown }) => Adapter;
	getNumTokens?: (content: string | Part[]) => Promise<number>;
}

/** LangChain's own estimate, where it has no vocabulary. */
const CHARACTERS_PER_TOKEN = 4;

/** Completes what `supplyModel` has made, and whatever is made of it by binding tools. */
export function completed(response: unknown): unknown {
	const adapter = response as Adapter;
	for (const name of ['_generate', '_streamResponseChunks'] as const) {
		const call = adapter[name];
		if (typeof call !== 'function') continue;
		adapter[name] = (messages, ...rest) =>
			call.call(adapter, messages.map(withStandardParts), ...rest);
	}
	// LangChain would fetch GPT-2's vocabulary from tiktoken.pages.dev, past n8n's proxy, and try that
	// for more than a minute where it cannot be reached.
	adapter.getNumTokens = async (content) => await Promise.resolve(tokensIn(content));
	const bind = adapter.bindTools;
	if (typeof bind === 'function') {
		adapter.bindTools = (tools, options) => {
			const bound = bind.call(adapter, tools, options);
			const { tool_choice: choice } = options ?? {};
			if (bound.chatModel) bound.chatModel.mustCall = choice === 'any' || choice === 'required';
			return completed(bound) as Adapter;
		};
	}
	return adapter;
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
	image_url?: string | { url?: string };
	source_type?: unknown;
	mime_type?: string;
	data?: string;
	url?: string;
}

function standardPart(part: Part): unknown {
	if (typeof part !== 'object' || part === null) return part;
	if (part.type === 'image_url') {
		const url = typeof part.image_url === 'string' ? part.image_url : part.image_url?.url;
		return { type: 'image', url };
	}
	// LangChain's parts of 2025: the type under another name, and the source in words.
	if (part.source_type === undefined) return part;
	const { mime_type: mimeType, data, url } = part;
	return { type: 'file', mimeType, data, ...(url === undefined ? {} : { url }) };
}
