import { callsIn, parsed } from './jsonInText';
import { turnsInPrompt } from './turns';

/** One turn of a conversation. */
export interface Turn {
	role: 'system' | 'user' | 'assistant' | 'tool';
	text: string;
	/** Whether it calls tools. */
	isCall?: boolean;
}

/** What a language model is asked, whichever inputs it came in. */
export interface Conversation {
	/** Oldest first, without empty ones. */
	turns: Turn[];
	/** Addresses of the pictures and videos. */
	media: string[];
}

type Input = Record<string, unknown>;

/**
 * Reads a model's input.
 *
 * @throws Error for messages in a text that is not JSON
 */
export function conversationOf(input: Input): Conversation {
	const messages = messagesOf(input);
	const media = [input.image, input.image_input, input.images, input.videos].flat().filter(Boolean);
	const turns: Turn[] = [];
	// With messages, prompt and system prompt are ignored (OpenAI's models), but not instructions.
	const system = messages.length > 0 ? input.instructions : systemOf(input);
	if (system) turns.push({ role: 'system', text: String(system) });
	if (messages.length === 0) turns.push(...turnsInPrompt(promptOf(input)));
	for (const message of messages) {
		turns.push(turnOf(message));
		media.push(...partsOf(message.content).flatMap(imageOf));
	}
	for (const turn of turns) {
		turn.isCall ??= turn.role === 'assistant' && callsIn(turn.text).length > 0;
	}
	return {
		turns: turns.filter(({ text, isCall }) => text.trim() !== '' || isCall),
		media: media.map(String),
	};
}

function systemOf(input: Input): unknown {
	return input.system_prompt ?? input.system_instruction ?? input.instructions;
}

/** The prompt inside of its template. */
function promptOf({ prompt, prompt_template: template }: Input): string {
	const text = String(prompt ?? '');
	return typeof template === 'string' ? template.replaceAll('{prompt}', () => text) : text;
}

interface Message {
	role?: string;
	content?: unknown;
	tool_calls?: unknown[];
	/** OpenAI's Responses API has calls and their results as items of their own. */
	type?: string;
	output?: unknown;
}

function messagesOf({ messages, input_item_list: items }: Input): Message[] {
	if (typeof messages !== 'string') return [messages ?? [], items ?? []].flat() as Message[];
	if (messages.trim() === '') return [];
	const list = parsed(messages);
	if (list === undefined) throw new Error('messages must be a JSON string of a list of messages');
	return [list].flat() as Message[];
}

function turnOf({ role, content, tool_calls: calls, type, output }: Message): Turn {
	if (type === 'function_call') return { role: 'assistant', text: '', isCall: true };
	if (type === 'function_call_output') return { role: 'tool', text: textOf(output) };
	const known = { developer: 'system', system: 'system', assistant: 'assistant', tool: 'tool' };
	const isCall = calls && calls.length > 0 ? true : undefined;
	return {
		role: (known[role as keyof typeof known] ?? 'user') as Turn['role'],
		text: textOf(content),
		isCall,
	};
}

type Part = Record<string, unknown>;

function partsOf(content: unknown): Part[] {
	return Array.isArray(content) ? (content as Part[]) : [];
}

function textOf(content: unknown): string {
	if (typeof content === 'string') return content;
	if (!Array.isArray(content))
		return content === undefined || content === null ? '' : String(content);
	const texts = partsOf(content).map(({ text }) => text);
	return texts.filter((text) => typeof text === 'string').join('\n');
}

/** `image_url` is an object in chat completions, and an address in the Responses API. */
function imageOf({ image_url: image }: Part): unknown[] {
	const address = (image as { url?: unknown } | undefined)?.url ?? image;
	return typeof address === 'string' ? [address] : [];
}
