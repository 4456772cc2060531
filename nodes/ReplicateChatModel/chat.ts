import type { Message } from '@n8n/ai-node-sdk';
import type { SubNode } from '../host/subNode';
import type { Answers } from '../jobs/answers';
import type { Prediction } from '../shared/api/shapes';
import { AnswerStream, readAnswer, type Answer } from '../shared/chat/answer';
import { turnsOf, type Turn } from '../shared/chat/conversation';
import { chatImages } from '../shared/chat/images';
import { chatInput } from '../shared/chat/messages';
import { nativeTools } from '../shared/chat/nativeTools';
import { parameterInput } from '../shared/chat/parameters';
import { toolCallInvalid, toolsUnsupported } from '../shared/chat/toolErrors';
import { repairRequest, toolPrompt } from '../shared/chat/toolPrompt';
import type { ChatTool } from '../shared/chat/tools';
import { isTokenText } from '../shared/predictions/streamText';
import { parameterHints } from './parameterHints';
import type { ChatSettings } from './settings';

/** What a chain or an agent asks, beside its messages. */
export interface Asked {
	tools: ChatTool[];
	/** Whether the answer must be a call. */
	mustCall: boolean;
	/** Texts that end the answer. */
	stop?: string[];
	/** Aborted when nobody waits for the answer any more. */
	signal?: AbortSignal;
	/** Called with each new part of the answer while it is written. */
	onText?: (text: string) => void;
}

/** An answer, and the prediction that gave it. */
export interface Given extends Answer {
	prediction: Prediction;
}

const MUST_CALL = 'Call at least one tool now, and do not answer in plain text.';

/** A conversation with one model: messages in, an answer out. */
export class Chat {
	constructor(
		readonly settings: ChatSettings,
		private readonly answers: Answers,
		private readonly subNode: SubNode,
	) {}

	/** Whether an answer can be passed on while it is written: a call must be read as a whole. */
	canStream({ tools }: Pick<Asked, 'tools'>): boolean {
		return tools.length === 0 && isTokenText(this.settings.model.schema);
	}

	/**
	 * Asks the model. An answer with a call that cannot be made is asked for once more.
	 *
	 * @throws ReplicateError that says what is wrong, and what was created
	 */
	async ask(messages: Message[], asked: Asked): Promise<Given> {
		const { language, offersToolsByPrompt } = this.settings;
		const isByPrompt = asked.tools.length > 0 && !language.tools;
		if (isByPrompt && !offersToolsByPrompt) throw toolsUnsupported(language.name);
		const turns = turnsOf(messages);
		const first = await this.askOnce(turns, asked);
		if (first.invalid === undefined) return first;
		const repair: Turn[] = [
			{ role: 'assistant', text: first.text, images: [], calls: [] },
			{ role: 'user', text: repairRequest(first.invalid), images: [], calls: [] },
		];
		const second = await this.askOnce([...turns, ...repair], asked);
		if (second.invalid === undefined) return second;
		throw toolCallInvalid(language.name, second.invalid, second.prediction);
	}

	private async askOnce(turns: Turn[], asked: Asked): Promise<Given> {
		const { model, language, timeoutSeconds, maxPredictions } = this.settings;
		const { tools, signal, onText } = asked;
		const { input, images } = chatInput(language, turns, {
			system: this.systemText(asked),
			images: this.settings.images,
		});
		const parameters = parameterInput(language, { ...this.settings.parameters, stop: asked.stop });
		const { files, hints } = await chatImages(language, images, this.subNode.client.baseUrl);
		const ofParameters = parameterHints(language.name, parameters.changed);
		for (const hint of [...ofParameters, ...hints]) this.subNode.hint(hint);
		const stream = new AnswerStream();
		const prediction = await this.answers.ask({
			model,
			input: {
				...input,
				...parameters.input,
				...this.toolInput(asked),
				...this.settings.additional,
			},
			files,
			timeoutSeconds,
			maxPredictions,
			signal,
			...(onText ? { onText: (text) => onText(stream.take(text)) } : {}),
			asker: this.subNode,
		});
		return { ...readAnswer(prediction, language, tools), prediction };
	}

	/** Tools for a model that takes them. */
	private toolInput({ tools, mustCall }: Asked) {
		const { language } = this.settings;
		if (tools.length === 0 || !language.tools) return {};
		const hasChoice = language.inputs?.some(({ name }) => name === 'tool_choice');
		return {
			[language.tools.name]: nativeTools(tools),
			...(mustCall && hasChoice ? { tool_choice: 'required' } : {}),
		};
	}

	private systemText({ tools, mustCall }: Asked): string {
		const { system, language } = this.settings;
		const isByPrompt = tools.length > 0 && !language.tools;
		const texts = [
			system,
			isByPrompt ? toolPrompt(tools) : '',
			tools.length > 0 && mustCall ? MUST_CALL : '',
		];
		return texts.filter((text) => text !== '').join('\n\n');
	}
}
