import type {
	BaseChatModel,
	ChatModel,
	ChatModelConfig,
	FinishReason,
	GenerateResult,
	Message,
	MessageContent,
	StreamChunk,
	Tool,
} from '@n8n/ai-node-sdk';
import { nodeError } from '../host/errors';
import type { SubNode } from '../host/subNode';
import type { JsonObject } from '../shared/api/json';
import type { ChatTool } from '../shared/chat/tools';
import { usageOf } from '../shared/chat/usage';
import type { Asked, Chat, Given } from './chat';
import { TextQueue } from './textQueue';

/** n8n's SDK for AI nodes, which n8n itself brings. */
export type AiNodeSdk = typeof import('@n8n/ai-node-sdk');

/** A chat model of n8n's that can be told to call a tool. */
export interface ReplicateChat extends ChatModel {
	mustCall: boolean;
}

/** How LangChain calls the model: its signal and stop texts come beside the SDK's own settings. */
interface CallConfig extends ChatModelConfig {
	signal?: AbortSignal;
	stop?: string[];
}

/**
 * Makes the model that n8n's chains and agents talk to.
 *
 * @param sdk asked for when it is needed, because n8n before 2.16 has none
 */
export function chatModelOf(sdk: AiNodeSdk, chat: Chat, subNode: SubNode): ReplicateChat {
	const { getParametersJsonSchema } = sdk;
	// The SDK's types say "abstract class", and it is a value that comes late.
	const Base = sdk.BaseChatModel as unknown as new (...given: unknown[]) => BaseChatModel;

	class Model extends Base implements ReplicateChat {
		mustCall = false;

		override async generate(messages: Message[], config?: CallConfig): Promise<GenerateResult> {
			const asking = this.ask(messages, config, signalOf(subNode, config));
			const given = await asking.catch((error: unknown) => {
				throw nodeError(subNode.node, error, undefined);
			});
			const { prediction } = given;
			return {
				id: prediction.id,
				finishReason: finishReason(given),
				usage: usageOf(prediction),
				message: { role: 'assistant', id: prediction.id, content: contentOf(given) },
				providerMetadata: { prediction: prediction.id },
			};
		}

		override async *stream(messages: Message[], config?: CallConfig): AsyncIterable<StreamChunk> {
			const left = new AbortController();
			const signal = signalOf(subNode, config, left.signal);
			const texts = new TextQueue();
			const onText = chat.canStream({ tools: this.chatTools() })
				? (text: string) => texts.add(text)
				: undefined;
			const asking = this.ask(messages, config, signal, onText)
				.catch((error: unknown) => {
					throw streamError(subNode, error);
				})
				.finally(() => texts.end());
			// Whoever leaves early never looks at it.
			asking.catch(() => undefined);
			let passedOn = '';
			let isOver = false;
			try {
				for await (const delta of texts) {
					passedOn += delta;
					yield { type: 'text-delta', delta };
				}
				const given = await asking;
				isOver = true;
				const { text, calls, prediction } = given;
				// A stream that broke has a part of the text, which is not run again.
				if (text.startsWith(passedOn) && text !== passedOn) {
					yield { type: 'text-delta', delta: text.slice(passedOn.length) };
				}
				for (const { id, name, arguments: args } of calls) {
					yield { type: 'tool-call-delta', id, name, argumentsDelta: JSON.stringify(args) };
				}
				yield { type: 'finish', finishReason: finishReason(given), usage: usageOf(prediction) };
			} finally {
				if (!isOver) left.abort('Nobody reads the answer');
			}
		}

		private async ask(
			messages: Message[],
			config: CallConfig | undefined,
			signal: AbortSignal | undefined,
			onText?: Asked['onText'],
		): Promise<Given> {
			const { stop = config?.stopSequences } = config ?? {};
			const asked = { tools: this.chatTools(), mustCall: this.mustCall, stop, signal, onText };
			return await chat.ask(messages, asked);
		}

		private chatTools(): ChatTool[] {
			const { tools } = this as unknown as { tools: Tool[] };
			return tools.flatMap((tool) => {
				if (tool.type !== 'function') return [];
				const { name, description } = tool;
				return { name, description, parameters: getParametersJsonSchema(tool) as JsonObject };
			});
		}
	}
	const { language } = chat.settings;
	return new Model('replicate', language.name) as unknown as ReplicateChat;
}

/** Of an error, n8n sends a chat that streams the description alone. */
function streamError({ node }: SubNode, error: unknown) {
	const made = nodeError(node, error, undefined);
	made.description = [made.message, made.description].filter(Boolean).join('. ');
	return made;
}

function finishReason({ calls }: Given): FinishReason {
	return calls.length > 0 ? 'tool-calls' : 'stop';
}

function contentOf({ text, calls }: Given): MessageContent[] {
	const made = calls.map(({ id, name, arguments: args }) => ({
		type: 'tool-call' as const,
		toolCallId: id,
		toolName: name,
		input: JSON.stringify(args),
	}));
	return text === '' && made.length > 0 ? made : [{ type: 'text', text }, ...made];
}

/** Aborted with the first of them: the workflow's stop, the caller's, or the reader's leave. */
function signalOf(
	{ signal }: SubNode,
	config: CallConfig | undefined,
	left?: AbortSignal,
): AbortSignal | undefined {
	const all = [signal, config?.signal, config?.abortSignal, left];
	const signals = all.filter((one) => one !== undefined);
	return signals.length > 1 ? AbortSignal.any(signals) : signals[0];
}
