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
const END_OF_THOUGHTS = '</think>';
/** The beginning of thoughts, and what may become it. */
const THINKS = /^\s*<think>/;
const MAY_THINK = /^\s*(?:<(?:t(?:h(?:i(?:n(?:k)?)?)?)?)?)?$/;

/** Thoughts are not a part of the answer: a chain would try to parse them. */
function withoutThoughts(text: string): string {
	return text.replace(THOUGHTS, '');
}

/** Leaves thoughts out of a text that comes in parts. */
export class AnswerStream {
	private held = '';
	private state: 'beginning' | 'thinking' | 'thought' | 'answering' = 'beginning';

	/** @returns what of the text so far can be passed on, without what was before */
	take(part: string): string {
		if (this.state === 'answering') return part;
		const before = this.held.length;
		this.held += part;
		if (this.state === 'beginning') {
			if (MAY_THINK.test(this.held)) return '';
			this.state = THINKS.test(this.held) ? 'thinking' : 'answering';
		}
		if (this.state === 'thinking') {
			// Not searched from its beginning each time: thoughts can be long.
			const from = Math.max(before - END_OF_THOUGHTS.length, 0);
			if (!this.held.includes(END_OF_THOUGHTS, from)) return '';
			this.state = 'thought';
		}
		const answer = withoutThoughts(this.held);
		// The space after thoughts goes with them, in whatever part it comes.
		if (answer === '') return '';
		this.state = 'answering';
		return answer;
	}
}
