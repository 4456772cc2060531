import { isNested, textOf, type JsonValue } from '../api/json';
import type { Prediction } from '../api/shapes';
import type { LanguageModel } from './languageModel';
import { readNativeCalls } from './nativeTools';
import { readToolAnswer } from './toolPrompt';
import { callIdsOf, type ChatTool, type ToolCall } from './tools';

/** What a model has answered: words, and calls of tools. */
export interface Answer {
	text: string;
	calls: ToolCall[];
	/** Why the answer must not be used. */
	invalid?: string;
}

/** Reads a prediction that has succeeded as the answer to a conversation in which tools were offered. */
export function readAnswer(
	{ id, output }: Prediction,
	model: LanguageModel,
	tools: ChatTool[],
): Answer {
	const text = withoutThoughts(answerText(output));
	if (tools.length === 0) return { text, calls: [] };
	if (model.tools) {
		const { calls, invalid } = readNativeCalls(output ?? null, tools, callIdsOf(id));
		const reasons = invalid.map(({ reason }) => reason).join('; ');
		return { text, calls, ...(reasons === '' ? {} : { invalid: reasons }) };
	}
	const read = readToolAnswer(text, tools, callIdsOf(id));
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
const BEGIN_OF_THOUGHTS = '<think>';
const END_OF_THOUGHTS = '</think>';

/** Thoughts are not a part of the answer: a chain would try to parse them. */
function withoutThoughts(text: string): string {
	return text.replace(THOUGHTS, '');
}

/** Leaves thoughts out of a text that comes in parts. Each part is read once, and thoughts are not kept. */
export class AnswerStream {
	private state: 'beginning' | 'thinking' | 'thought' | 'answering' = 'beginning';
	/** White space before anything else, which is the answer's unless thoughts follow. */
	private space = '';
	/** What may become a mark with the next part. */
	private held = '';

	/** @returns what of the text so far can be passed on, without what was before */
	take(part: string): string {
		switch (this.state) {
			case 'beginning':
				return this.begin(part);
			case 'thinking':
				return this.think(part);
			case 'thought':
				return this.answer(part.trimStart());
			case 'answering':
				return part;
		}
	}

	private begin(part: string): string {
		const isSpace = this.held === '';
		const text = this.held + (isSpace ? part.trimStart() : part);
		if (isSpace) this.space += part.slice(0, part.length - text.length);
		if (text.startsWith(BEGIN_OF_THOUGHTS)) {
			this.state = 'thinking';
			this.held = '';
			return this.think(text.slice(BEGIN_OF_THOUGHTS.length));
		}
		this.held = text;
		if (BEGIN_OF_THOUGHTS.startsWith(text)) return '';
		return this.answer(this.space + text);
	}

	private think(part: string): string {
		const text = this.held + part;
		const end = text.indexOf(END_OF_THOUGHTS);
		this.held = text.slice(-END_OF_THOUGHTS.length);
		if (end === -1) return '';
		this.state = 'thought';
		return this.answer(text.slice(end + END_OF_THOUGHTS.length).trimStart());
	}

	/** The space after thoughts goes with them, in whatever part it comes. */
	private answer(text: string): string {
		if (text !== '') this.state = 'answering';
		return text;
	}
}
