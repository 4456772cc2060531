import type { Answer } from '../../language';
import { isLocalFile } from '../inputPicture';
import type { RunContext } from '../model';
import { speak, tokensOf } from '../speak';
import { madeUpAnswer } from './answer';
import { conversationOf, type Conversation } from './conversation';

/** Inputs that limit an answer's tokens, by their names in different models. */
const LIMITS = ['max_completion_tokens', 'max_output_tokens', 'max_tokens', 'max_new_tokens'];

/** How a model answers when nobody scripted it. */
export interface Manner {
	/** What it writes before its answer. */
	before?: (input: Record<string, unknown>) => string;
	/** What it adds where it only says back what was said. */
	remark?: string;
}

/** A run that answers token by token. */
export function replies(manner: Manner = {}) {
	return async (context: RunContext): Promise<string[]> =>
		await written(context, await answerOf(context, manner));
}

/** A run that answers with the whole text at once. */
export async function wholeReply(context: RunContext): Promise<string> {
	return (await replies()({ ...context, setOutput: () => {} })).join('');
}

/**
 * What the test wants the model to say, or what it makes up.
 *
 * @throws Error when a picture cannot be fetched
 */
async function answerOf(context: RunContext, { before, remark }: Manner): Promise<Answer> {
	const conversation = await heard(context);
	const scripted = await context.scriptedAnswer();
	if (scripted) return scripted;
	const { text = '', toolCalls } = madeUpAnswer(conversation, { remark });
	return { text: (before?.(context.input) ?? '') + text, toolCalls };
}

/** Reads the conversation, with its pictures, and counts its tokens. */
export async function heard({ input, fetchFile, metric }: RunContext): Promise<Conversation> {
	const conversation = conversationOf(input);
	for (const address of conversation.media) if (isLocalFile(address)) await fetchFile(address);
	const counts = conversation.turns.map(({ text }) => tokensOf(text).length);
	metric(
		'input_token_count',
		counts.reduce((sum, count) => sum + count, 0),
	);
	return conversation;
}

/** Writes an answer; a model without an input for tools writes its calls as text. */
async function written(context: RunContext, answer: Answer): Promise<string[]> {
	const { text = '', toolCalls = [], error } = answer;
	const calls = toolCalls.length > 0 ? JSON.stringify({ tool_calls: toolCalls }) : '';
	const whole = [text, calls].filter((part) => part !== '').join('\n');
	const tokens = limited(whole, context);
	await speak(tokens, context);
	if (error !== undefined) throw new Error(error);
	return tokens;
}

/** The tokens of a text up to the input's stop sequences and its limit. */
export function limited(text: string, { input, metric }: RunContext): string[] {
	const stops = String(input.stop_sequences ?? '')
		.split(',')
		.map((stop) => text.indexOf(stop.trim() || '\0'))
		.filter((at) => at >= 0);
	const max = LIMITS.map((name) => input[name]).find((limit) => typeof limit === 'number');
	const tokens = tokensOf(text.slice(0, Math.min(text.length, ...stops)));
	const kept = tokens.slice(0, Number(max ?? Infinity));
	metric('output_token_count', kept.length);
	return kept;
}
