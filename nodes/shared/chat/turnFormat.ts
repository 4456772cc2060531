import type { LanguageModel } from './languageModel';
import { withoutMarks, withoutPlainMarks } from './turnMarks';

/** How a model marks whose turn it is in a prompt. */
interface TurnFormat {
	begin: string;
	/** What comes before and after a text of each role. */
	turn: Record<'system' | 'user' | 'assistant', [before: string, after: string]>;
	/** Whether its marks are words that a text may have as well. */
	isPlain?: boolean;
	/** Whether a system text has no turn of its own, but goes before the first text of the user. */
	systemInUser?: boolean;
}

/** By Meta's model card of Llama 3. */
const LLAMA_3: TurnFormat = {
	begin: '<|begin_of_text|>',
	turn: {
		system: ['<|start_header_id|>system<|end_header_id|>\n\n', '<|eot_id|>'],
		user: ['<|start_header_id|>user<|end_header_id|>\n\n', '<|eot_id|>'],
		assistant: ['<|start_header_id|>assistant<|end_header_id|>\n\n', '<|eot_id|>'],
	},
};

/** ChatML, as Qwen, Yi, Hermes and Dolphin use it. */
const CHAT_ML: TurnFormat = {
	begin: '',
	turn: {
		system: ['<|im_start|>system\n', '<|im_end|>\n'],
		user: ['<|im_start|>user\n', '<|im_end|>\n'],
		assistant: ['<|im_start|>assistant\n', '<|im_end|>\n'],
	},
};

/** Mistral's instruct format, and that of Llama 2 but for its system text. */
const MISTRAL: TurnFormat = {
	begin: '<s>',
	turn: {
		system: ['', '\n\n'],
		user: ['[INST] ', ' [/INST]'],
		assistant: [' ', '</s>'],
	},
	systemInUser: true,
};

/** Google's documentation of Gemma. */
const GEMMA: TurnFormat = {
	begin: '<bos>',
	turn: {
		system: ['', '\n\n'],
		user: ['<start_of_turn>user\n', '<end_of_turn>\n'],
		assistant: ['<start_of_turn>model\n', '<end_of_turn>\n'],
	},
	systemInUser: true,
};

/** Zephyr's, which TinyLlama uses as well. */
const ZEPHYR: TurnFormat = {
	begin: '',
	turn: {
		system: ['<|system|>\n', '</s>\n'],
		user: ['<|user|>\n', '</s>\n'],
		assistant: ['<|assistant|>\n', '</s>\n'],
	},
};

/** For every model whose own format is not known. */
export const PLAIN: TurnFormat = {
	begin: '',
	turn: {
		system: ['', '\n\n'],
		user: ['User: ', '\n\n'],
		assistant: ['Assistant: ', '\n\n'],
	},
	isPlain: true,
};

/** A mark in a model's own template, or in its name, tells its format. */
const FORMATS: Array<[inTemplate: string, inName: RegExp | undefined, format: TurnFormat]> = [
	['<|start_header_id|>', /llama-?3/i, LLAMA_3],
	['<|im_start|>', /\b(?:qwen|yi|dolphin|hermes)/i, CHAT_ML],
	['<start_of_turn>', /\bgemma/i, GEMMA],
	['<|user|>', /\b(?:zephyr|tinyllama)/i, ZEPHYR],
	['[INST]', /\bmi[sx]tral/i, MISTRAL],
];

/**
 * The format in which a model's prompt takes whole turns: only where the model lets the template
 * around the prompt be replaced, because marks inside of another template would confuse it.
 */
export function turnFormatOf({ name, promptTemplate }: LanguageModel): TurnFormat | undefined {
	if (!promptTemplate) return undefined;
	const template = String(promptTemplate.default ?? '');
	const isBase = !/instruct|chat|it$|hermes|dolphin|zephyr/i.test(name);
	const byTemplate = FORMATS.find(([mark]) => template.includes(mark));
	if (byTemplate) return byTemplate[2];
	// A model that only continues text knows no turns.
	return isBase ? undefined : FORMATS.find(([, names]) => names?.test(name))?.[2];
}

/** A turn in a prompt. */
export interface WrittenTurn {
	role: 'user' | 'assistant';
	text: string;
}

/** Writes a conversation as one prompt, ready for the assistant's next turn. */
export function writeTurns(format: TurnFormat, system: string, turns: WrittenTurn[]): string {
	const { begin, turn, systemInUser, isPlain } = format;
	const clean = isPlain ? withoutPlainMarks : withoutMarks;
	const written = (role: keyof TurnFormat['turn'], text: string) =>
		turn[role][0] + clean(text) + turn[role][1];
	const systemText = system === '' ? '' : written('system', system);
	const texts = turns.map(({ role, text }, at) => {
		const isFirst = at === turns.findIndex((one) => one.role === 'user');
		if (!systemInUser || !isFirst) return written(role, text);
		return turn[role][0] + systemText + clean(text) + turn[role][1];
	});
	const answer = turn.assistant[0].trimEnd();
	const ending = turn.assistant[0].endsWith('\n') ? turn.assistant[0] : answer;
	return begin + (systemInUser ? '' : systemText) + texts.join('') + ending;
}
