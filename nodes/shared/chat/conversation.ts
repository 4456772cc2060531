import type { Message, MessageContent } from '@n8n/ai-node-sdk';
import { InputError } from '../api/errors';
import { oneLine } from '../api/oneLine';

/** One turn of a conversation, in what Replicate's models can take of it: text, images, calls. */
export interface Turn {
	role: 'system' | 'user' | 'assistant' | 'tool';
	text: string;
	/** URLs and data URIs. */
	images: string[];
	/** Tools that the assistant called. */
	calls: CalledTool[];
	/** Which call a tool's result is of. */
	callId?: string;
}

/** A call of a tool in a conversation. */
export interface CalledTool {
	id: string;
	name: string;
	/** JSON text. */
	arguments: string;
}

/** The first characters of base64 of files that models see (PNG, JPEG, GIF, WebP), and of PDF. */
const MAGIC: Array<[beginning: string, type: string]> = [
	['iVBORw0K', 'image/png'],
	['/9j/', 'image/jpeg'],
	['R0lGOD', 'image/gif'],
	['UklGR', 'image/webp'],
	['JVBERi', 'application/pdf'],
];

/**
 * The turns of a conversation as n8n's SDK gives its messages. What is only of use to n8n (citations,
 * an earlier answer's reasoning) is left out; what a model cannot be shown is an error.
 *
 * @throws InputError for a file that is not an image
 */
export function turnsOf(messages: Message[]): Turn[] {
	return messages.map(turnOf);
}

function turnOf({ role, content }: Message): Turn {
	const turn: Turn = { role, text: '', images: [], calls: [] };
	const texts: string[] = [];
	for (const part of content) {
		if (part.type === 'text') texts.push(part.text);
		if (part.type === 'file') turn.images.push(imageOf(part));
		if (part.type === 'tool-call') {
			const { toolCallId: id = '', toolName: name, input } = part;
			turn.calls.push({ id, name, arguments: input });
		}
		if (part.type === 'tool-result') {
			turn.callId = part.toolCallId;
			texts.push(resultText(part.result));
		}
	}
	turn.text = texts.filter((text) => text !== '').join('\n\n');
	return turn;
}

/** A tool's result is text, parts of text, or any JSON. */
function resultText(result: unknown): string {
	if (typeof result === 'string') return result;
	const isText = (part: unknown): part is { type: 'text'; text: string } =>
		(part as MessageContent | null)?.type === 'text';
	if (Array.isArray(result) && result.length > 0 && result.every(isText)) {
		return result.map(({ text }) => text).join('\n\n');
	}
	return JSON.stringify(result) ?? '';
}

/** The address of an image: its URL, or its bytes as a data URI. */
function imageOf({
	data,
	mediaType,
	providerMetadata,
}: Extract<MessageContent, { type: 'file' }>): string {
	const url = providerMetadata?.url;
	if (typeof url === 'string' && url !== '') return assertImage(url, mediaType);
	if (typeof data === 'string' && data.startsWith('data:')) return assertImage(data, mediaType);
	const base64 = typeof data === 'string' ? data : Buffer.from(data ?? []).toString('base64');
	const known = MAGIC.find(([beginning]) => base64.startsWith(beginning))?.[1];
	// n8n calls what it does not know an octet stream.
	const type = mediaType && mediaType !== 'application/octet-stream' ? mediaType : known;
	return assertImage(`data:${type ?? 'application/octet-stream'};base64,${base64}`, type);
}

function assertImage(address: string, mediaType: string | undefined): string {
	const type = /^data:([^;,]*)/i.exec(address)?.[1] ?? mediaType ?? 'image';
	if (type.startsWith('image')) return address;
	throw new InputError(`A message holds a file of the type ${oneLine(type, 100)}`, {
		code: 'messageFileUnsupported',
		type,
	});
}
