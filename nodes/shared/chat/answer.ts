import { isNested, textOf, type JsonValue } from '../api/json';
import type { Prediction } from '../api/shapes';
import type { LanguageModel } from './languageModel';
import { readNativeCalls } from './nativeTools';
import { readToolAnswer } from './toolPrompt';
import type { ChatTool, ToolCall } from './tools';

/** What a model has answered: words, and calls of tools. */
export interface Answer {
	text: string;
	calls: ToolCall[];
	/** Why the answer must not be used. */
	invalid?: string;
}

/** Reads a prediction that has succeeded as the answer to a conversation in which tools were offered. */
export function readAnswer(
	{ output }: Prediction,
	model: LanguageModel,
	tools: ChatTool[],
): Answer {
	const text = withoutThoughts(answerText(output));
	if (tools.length === 0) return { text, calls: [] };
	if (model.tools) {
		const { calls, invalid } = readNativeCalls(output ?? null, tools);
		const reasons = invalid.map(({ reason }) => reason).join('; ');
		return { text, calls, ...(reasons === '' ? {} : { invalid: reasons }) };
	}
	const read = readToolAnswer(text, tools);
	if (read.kind === 'calls') return { text: '', calls: read.calls };
	return { text, calls: [], ...(read.kind === 'invalid' ? { invalid: read.reason } : {}) };
}

/** The text of an output: tokens joined, an object's `text`, or its JSON. */
function answerText(output: JsonValue | undefined): string {
	if (output === null || output === undefined) return '';
	if (typeof output === 'string') return output;
	if (Array.isArray(output)) return output.map((token) => textOf(token)).join('');
	if (!isNested(output)) return textOf(output);
	const { text, json_output: json } = output as Record<string, JsonValue>;
	if (typeof text === 'string') return text;
	if (json !== null && json !== undefined) return JSON.stringify(json);
	return 'text' in output ? '' : JSON.stringify(output);
}

/** What models write before their answer while they think, as DeepSeek R1 does. */
const THOUGHTS = /^\s*<think>[^]*?<\/think>\s*/;

/** Thoughts are not a part of the answer: a chain would try to parse them. */
function withoutThoughts(text: string): string {
	return text.replace(THOUGHTS, '');
}

/** The beginning of thoughts, or of what may become it. */
const MAY_THINK = /^\s*(?:<(?:t(?:h(?:i(?:n(?:k(?:>[^]*)?)?)?)?)?)?)?$/;

/** Leaves thoughts out of a text that comes in parts. */
export class AnswerStream {
	private held = '';
	private isAnswering = false;

	/** @returns what of the text so far can be passed on, without what was before */
	take(part: string): string {
		if (this.isAnswering) return part;
		this.held += part;
		if (MAY_THINK.test(this.held) && !THOUGHTS.test(this.held)) return '';
		this.isAnswering = true;
		return withoutThoughts(this.held);
	}
}
