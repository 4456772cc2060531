import { InputError } from '../api/errors';
import { stringifyJson, type InputObject, type JsonObject } from '../api/json';
import { fileUnsupported, type Media, type Turn } from './conversation';
import type { LanguageModel } from './languageModel';
import { PLAIN, turnFormatOf, writeTurns, type WrittenTurn } from './turnFormat';
import { withoutMarks } from './turnMarks';

/** What a conversation comes to for one model. */
interface ChatInput {
	input: InputObject;
	/** Addresses of the images, in the conversation's order: URLs and data URIs. */
	images: string[];
	/** Files of other kinds, for which the model has an input. */
	media: Media[];
}

/** What goes beside the conversation. */
interface ChatExtras {
	/** How the model is to behave, before what the conversation says of it. */
	system?: string;
	/** Further images, by their addresses. */
	images?: string[];
}

/**
 * Writes a conversation as a model's input: as `messages` where the model takes them, else as a system
 * prompt and a prompt. A prompt of several turns is in the model's own format where that is known, and
 * with plain marks ("User:", "Assistant:") elsewhere; a single turn is the prompt itself.
 *
 * @throws InputError for files that the model does not take, or a conversation without any text
 */
export function chatInput(
	model: LanguageModel,
	conversation: Turn[],
	{ system = '', images = [] }: ChatExtras = {},
): ChatInput {
	const systemTexts = conversation.filter(({ role }) => role === 'system').map(({ text }) => text);
	const systemText = [system, ...systemTexts].filter((text) => text !== '').join('\n\n');
	const turns = conversation.filter(({ role }) => role !== 'system');
	const shown = [...images, ...turns.flatMap((turn) => turn.images)];
	assertImages(model, shown);
	const media = turns.flatMap((turn) => turn.media ?? []);
	for (const { kind, type } of media) if (!model[kind]) throw fileUnsupported(type);
	const hasFiles = shown.length + media.length > 0;
	// Some chains give all they have as one system message.
	const isSystemOnly = turns.every(isEmpty) && systemText !== '';
	if (turns.every(isEmpty) && !hasFiles && !isSystemOnly) {
		throw new InputError('There is no message for the model to answer', { code: 'messagesEmpty' });
	}
	const asked = isSystemOnly && !hasFiles ? [userTurn(systemText)] : turns;
	const behaviour = asked === turns ? systemText : '';
	const input = model.messages
		? messagesInput(model, behaviour, asked)
		: promptInput(model, behaviour, asked);
	return { input, images: shown, media };
}

/** A tool's result counts even when it is empty: its call needs one. */
function isEmpty({ role, text, calls }: Turn): boolean {
	return role !== 'tool' && text.trim() === '' && calls.length === 0;
}

function userTurn(text: string): Turn {
	return { role: 'user', text, images: [], calls: [] };
}

function assertImages({ name, images }: LanguageModel, shown: string[]): void {
	if (shown.length === 0 || images) return;
	throw new InputError(`The model "${name}" cannot see images, and the messages hold some`, {
		code: 'imagesUnsupported',
		model: name,
	});
}

/** The input of a model that takes the whole conversation. */
function messagesInput(model: LanguageModel, system: string, turns: Turn[]): InputObject {
	const { name, kind } = model.messages!;
	// OpenAI's Responses API knows calls as items of their own, and instructions beside the items.
	const isResponses = name === 'input_item_list';
	const besides: InputObject = isResponses && model.system ? { [model.system.name]: system } : {};
	const isBeside = Object.keys(besides).length > 0;
	const written = (turn: Turn): JsonObject[] => {
		// Without tools of its own, the model knows no calls either.
		if (!model.tools) return [writtenMessage(turn)];
		return isResponses ? responsesItems(turn) : [message(turn)];
	};
	const said = turns.filter((turn) => !isEmpty(turn));
	const messages = [
		...(system === '' || isBeside ? [] : [{ role: 'system', content: system }]),
		...(said.length > 0 ? said : turns.slice(-1)).flatMap(written),
	];
	const value = kind === 'text' ? stringifyJson(messages) : messages;
	const { prompt } = model;
	const last = turns.findLast(({ role }) => role === 'user')?.text ?? '';
	return {
		...(prompt?.required ? { [prompt.name]: last } : {}),
		...(system === '' ? {} : besides),
		[name]: value,
	};
}

/** A turn as OpenAI's chat completions have it. */
function message({ role, text, calls, callId }: Turn): JsonObject {
	if (role === 'tool') return { role, tool_call_id: callId ?? '', content: text };
	if (calls.length === 0) return { role, content: text };
	const called = calls.map(({ id, name, arguments: given }) => ({
		id,
		type: 'function',
		function: { name, arguments: given },
	}));
	return { role, content: text === '' ? null : text, tool_calls: called };
}

/** A turn as OpenAI's Responses API has it. */
function responsesItems({ role, text, calls, callId }: Turn): JsonObject[] {
	if (role === 'tool') {
		return [{ type: 'function_call_output', call_id: callId ?? '', output: text }];
	}
	const said = text === '' && calls.length > 0 ? [] : [{ role, content: text }];
	const called = calls.map(({ id, name, arguments: given }) => ({
		type: 'function_call',
		call_id: id,
		name,
		arguments: given,
	}));
	return [...said, ...called];
}

/** The input of a model that takes a prompt. */
function promptInput(model: LanguageModel, system: string, turns: Turn[]): InputObject {
	const { prompt, system: systemInput, promptTemplate } = model;
	const format = turnFormatOf(model);
	const written = merged(turns.map(writtenTurn));
	if (format) {
		return {
			[prompt!.name]: writeTurns(format, system, written),
			[promptTemplate!.name]: '{prompt}',
		};
	}
	// The model's own template goes around both, with marks that nobody here knows.
	const behaviour: InputObject =
		systemInput && system !== '' ? { [systemInput.name]: withoutMarks(system) } : {};
	const before = systemInput ? '' : system;
	const [only] = written;
	if (written.length === 1 && only!.role === 'user') {
		const text = [before, only!.text]
			.map(withoutMarks)
			.filter((one) => one !== '')
			.join('\n\n');
		return { ...behaviour, [prompt!.name]: text };
	}
	return { ...behaviour, [prompt!.name]: writeTurns(PLAIN, before, written) };
}

/** Tools are text for a model that takes a prompt: its calls as it wrote them, and their results. */
function writtenTurn({ role, text, calls, callId }: Turn): WrittenTurn {
	if (role === 'tool') {
		return { role: 'user', text: `Result of the tool call ${callId ?? ''}:\n${text}` };
	}
	if (calls.length === 0) return { role: role === 'assistant' ? role : 'user', text };
	const made = calls.map(
		({ id, name, arguments: given }) =>
			`{"id":${JSON.stringify(id)},"name":${JSON.stringify(name)},"arguments":${given}}`,
	);
	const json = `{"tool_calls":[${made.join(',')}]}`;
	return { role: 'assistant', text: [text, json].filter((one) => one !== '').join('\n') };
}

function writtenMessage(turn: Turn): JsonObject {
	const { role, text } = writtenTurn(turn);
	return { role, content: text };
}

/** Turns of the same speaker in a row are one: most models want speakers to take turns. */
function merged(turns: WrittenTurn[]): WrittenTurn[] {
	const result: WrittenTurn[] = [];
	for (const { role, text } of turns) {
		if (text === '') continue;
		const last = result.at(-1);
		if (last?.role === role) last.text += `\n\n${text}`;
		else result.push({ role, text });
	}
	return result.length > 0 ? result : [{ role: 'user', text: '' }];
}
