import type { Message } from '@n8n/ai-node-sdk';
import type { SubNode } from '../host/subNode';
import type { Answers } from '../jobs/answers';
import type { Prediction } from '../shared/api/shapes';
import { AnswerStream, readAnswer, type Answer } from '../shared/chat/answer';
import { turnsOf, type Turn } from '../shared/chat/conversation';
import { chatImages, chatMedia } from '../shared/chat/images';
import { chatInput } from '../shared/chat/messages';
import { nativeTools } from '../shared/chat/nativeTools';
import { parameterInput, takesStop } from '../shared/chat/parameters';
import { toolCallInvalid, toolsUnsupported } from '../shared/chat/toolErrors';
import { withWholePairs } from '../shared/chat/toolPairs';
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
	/** Called with each new part of the answer while it is written, where that can be passed on. */
	onText?: (text: string) => void;
}

/** An answer, and the prediction that gave it. */
export interface Given extends Answer {
	prediction: Prediction;
}

const MUST_CALL = 'Call at least one tool now, and do not answer in plain text.';

/** An answer without a call where one must be made is as little of use as a call that is wrong. */
function withCallMade(answer: Answer, { tools, mustCall }: Asked): Answer {
	const isMissing = mustCall && tools.length > 0 && answer.calls.length === 0;
	if (!isMissing || answer.invalid !== undefined) return answer;
	return { ...answer, invalid: 'a tool must be called, and the answer calls none' };
}

/** The answer up to the first of these texts: not every model has an input for them. */
function endedAt(answer: Answer, stop: string[] = []): Answer {
	const ends = stop.map((text) => answer.text.indexOf(text)).filter((at) => at >= 0);
	return ends.length > 0 ? { ...answer, text: answer.text.slice(0, Math.min(...ends)) } : answer;
}

/** A conversation with one model: messages in, an answer out. */
export class Chat {
	constructor(
		private readonly settings: ChatSettings,
		private readonly answers: Answers,
		private readonly subNode: SubNode,
	) {}

	/**
	 * Whether an answer can be passed on while it is written. A call must be read as a whole, and so
	 * must a text that is cut at a stop text.
	 */
	private canStream({ tools, stop }: Asked): boolean {
		const isCut = stop !== undefined && !takesStop(this.settings.language);
		return tools.length === 0 && !isCut && isTokenText(this.settings.model.schema);
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
		const turns = withWholePairs(turnsOf(messages));
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
		const { tools, signal } = asked;
		const onText = this.canStream(asked) ? asked.onText : undefined;
		const { input, images, media } = chatInput(language, turns, {
			system: this.systemText(asked),
			images: this.settings.images,
		});
		const parameters = parameterInput(language, { ...this.settings.parameters, stop: asked.stop });
		const { baseUrl } = this.subNode.client;
		const shown = [
			await chatImages(language, images, baseUrl),
			await chatMedia(language, media, baseUrl),
		];
		const ofParameters = parameterHints(language.name, parameters.changed);
		for (const hint of [...ofParameters, ...shown.flatMap(({ hints }) => hints)]) {
			this.subNode.hint(hint);
		}
		const stream = new AnswerStream();
		const prediction = await this.answers.ask({
			model,
			input: {
				...input,
				...parameters.input,
				...this.toolInput(asked),
				...this.settings.additional,
			},
			files: shown.flatMap(({ files }) => files),
			timeoutSeconds,
			maxPredictions,
			signal,
			...(onText ? { onText: (text) => onText(stream.take(text)) } : {}),
			asker: this.subNode,
		});
		const answer = readAnswer(prediction, language, tools);
		return { ...withCallMade(endedAt(answer, asked.stop), asked), prediction };
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
