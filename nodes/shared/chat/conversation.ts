import type { Message, MessageContent } from '@n8n/ai-node-sdk';
import { InputError } from '../api/errors';
import { oneLine } from '../api/oneLine';

/** One turn of a conversation, in what Replicate's models can take of it: text, images, calls. */
export interface Turn {
	role: 'system' | 'user' | 'assistant' | 'tool';
	text: string;
	/** URLs and data URIs. */
	images: string[];
	/** The same of files of other kinds. */
	media?: Media[];
	/** Tools that the assistant called. */
	calls: CalledTool[];
	/** Which call a tool's result is of. */
	callId?: string;
}

/** Kinds of files that some language models take beside images. */
type MediaKind = 'audio' | 'video' | 'document';

/** A file of a message that is not an image. */
export interface Media {
	kind: MediaKind;
	/** URL or data URI. */
	address: string;
	/** Its media type, as far as the message says it. */
	type: string;
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
		if (part.type === 'file') {
			const { address, type } = fileOf(part);
			const kind = kindOf(type);
			if (kind === 'image') turn.images.push(address);
			else turn.media = [...(turn.media ?? []), { kind, address, type }];
		}
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

/** Where a file is, as a URL or a data URI, and its media type as far as it is known. */
function fileOf({ data, mediaType, providerMetadata }: Extract<MessageContent, { type: 'file' }>): {
	address: string;
	type: string;
} {
	const url = providerMetadata?.url;
	const given = [url, data].find((one): one is string => typeof one === 'string' && isAddress(one));
	if (given !== undefined) {
		const type = /^data:([^;,]*)/i.exec(given)?.[1] ?? mediaType;
		// A URL without a type is an image for all who write messages so.
		return { address: given, type: type || 'image' };
	}
	const base64 = typeof data === 'string' ? data : Buffer.from(data ?? []).toString('base64');
	const known = MAGIC.find(([beginning]) => base64.startsWith(beginning))?.[1];
	// n8n calls what it does not know an octet stream.
	const isSaid = mediaType !== undefined && mediaType !== 'application/octet-stream';
	const said = isSaid && !mediaType.endsWith('/*') ? mediaType : undefined;
	const type = said ?? known ?? mediaType ?? 'application/octet-stream';
	return { address: `data:${type};base64,${base64}`, type };
}

function isAddress(text: string): boolean {
	return /^(?:https?|data):/i.test(text);
}

/** @throws InputError for a type that no language model takes */
function kindOf(type: string): MediaKind | 'image' {
	const kind = /^(image|audio|video)\b/i.exec(type)?.[1]?.toLowerCase() as MediaKind | 'image';
	if (kind !== undefined) return kind;
	if (type === 'application/pdf') return 'document';
	throw fileUnsupported(type);
}

/** A file of a message that the model is not shown. */
export function fileUnsupported(type: string): InputError {
	return new InputError(`A message holds a file of the type ${oneLine(type, 100)}`, {
		code: 'messageFileUnsupported',
		type,
	});
}
