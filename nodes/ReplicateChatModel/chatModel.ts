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
import type { INode } from 'n8n-workflow';
import { nodeError } from '../host/errors';
import { StopReason, whenAborted } from '../shared/api/stop';
import { argumentsSchema, isForeignSchema, jsonSchemaOf } from '../shared/chat/toolSchema';
import type { ChatTool, ToolChoice } from '../shared/chat/tools';
import { usageOf } from '../shared/chat/usage';
import { unshownText } from '../shared/predictions/unshownText';
import type { Asked, Chat, Given } from './chat';
import { TextQueue } from './textQueue';

/** What the node that is set to a model brings. */
export interface Supplied {
	node: INode;
	/** Aborted when the user stops the workflow, or the execution's time is up. */
	signal?: AbortSignal;
	/**
	 * Reads the node's settings when they are needed.
	 *
	 * @throws ReplicateError for settings that cannot be followed
	 */
	open(): Promise<Chat>;
}

/** n8n's SDK for AI nodes, which n8n itself brings. */
export type AiNodeSdk = typeof import('@n8n/ai-node-sdk');

/** A chat model of n8n's that can be told which tool to call. */
export interface ReplicateChat extends ChatModel {
	toolChoice: ToolChoice;
}

type FunctionTool = Extract<Tool, { type: 'function' }>;

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
export function chatModelOf(sdk: AiNodeSdk, supplied: Supplied): ReplicateChat {
	const { getParametersJsonSchema } = sdk;
	// The SDK's types say "abstract class", and it is a value that comes late.
	const Base = sdk.BaseChatModel as unknown as new (...given: unknown[]) => BaseChatModel;

	const chatTool = async (tool: FunctionTool): Promise<ChatTool> => {
		const { name, description, inputSchema } = tool;
		const parameters = isForeignSchema(inputSchema)
			? await jsonSchemaOf(inputSchema)
			: argumentsSchema(inputSchema === undefined ? undefined : getParametersJsonSchema(tool));
		return { name, description, parameters };
	};

	class Model extends Base implements ReplicateChat {
		toolChoice: ToolChoice = { kind: 'auto' };

		override async generate(messages: Message[], config?: CallConfig): Promise<GenerateResult> {
			const asking = new Asking(supplied, config);
			const given = await this.ask(messages, config, asking.signal)
				.catch((error: unknown) => {
					throw nodeError(supplied.node, error, undefined);
				})
				.finally(() => asking.end());
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
			const asking = new Asking(supplied, config);
			const texts = new TextQueue();
			const answering = this.ask(messages, config, asking.signal, (text) => texts.add(text))
				.catch((error: unknown) => {
					throw streamError(supplied, error);
				})
				.finally(() => {
					texts.end();
					asking.end();
				});
			// Whoever leaves early never looks at it.
			answering.catch(() => undefined);
			let passedOn = '';
			let isOver = false;
			try {
				for await (const delta of texts) {
					passedOn += delta;
					yield { type: 'text-delta', delta };
				}
				const given = await answering;
				isOver = true;
				const { text, calls, prediction } = given;
				// A stream that broke has a part of the text, which is not run again.
				const rest = unshownText(passedOn, text);
				if (rest !== '') yield { type: 'text-delta', delta: rest };
				for (const { id, name, arguments: args } of calls) {
					yield { type: 'tool-call-delta', id, name, argumentsDelta: JSON.stringify(args) };
				}
				yield { type: 'finish', finishReason: finishReason(given), usage: usageOf(prediction) };
			} finally {
				if (!isOver) asking.leave();
			}
		}

		private async ask(
			messages: Message[],
			config: CallConfig | undefined,
			signal: AbortSignal,
			onText?: Asked['onText'],
		): Promise<Given> {
			const chat = await supplied.open();
			const mustCall = this.toolChoice.kind === 'any' || this.toolChoice.kind === 'one';
			const tools = await Promise.all(this.offered().map(chatTool));
			return await chat.ask(messages, { tools, mustCall, stop: stopOf(config), signal, onText });
		}

		/** The tools that the model may call. A model that must call one of them is offered that alone. */
		private offered(): FunctionTool[] {
			const { tools } = this as unknown as { tools: Tool[] };
			const { toolChoice: choice } = this;
			if (choice.kind === 'none') return [];
			const functions = tools.filter((tool): tool is FunctionTool => tool.type === 'function');
			const wanted = functions.filter(({ name }) => choice.kind !== 'one' || name === choice.name);
			return wanted.length > 0 ? wanted : functions;
		}
	}
	return new Model('replicate', supplied.node.name) as unknown as ReplicateChat;
}

function stopOf(config: CallConfig | undefined): string[] | undefined {
	return config?.stop ?? config?.stopSequences;
}

/** Of an error, n8n sends a chat that streams the description alone. */
function streamError({ node }: Supplied, error: unknown) {
	const made = nodeError(node, error, undefined);
	const { message, description } = made;
	const happened = /[.!?…]$/.test(message) ? message : `${message}.`;
	made.description = description ? `${happened} ${description}` : message;
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

const CANCELLED = new StopReason('The chain or agent has cancelled its request');
const UNREAD = new StopReason('Nobody reads the answer any more');

/** What ends a question before its answer is there: the workflow's stop, or whoever asked. */
class Asking {
	private readonly controller = new AbortController();
	readonly signal = this.controller.signal;
	private readonly letGo: Array<() => void>;

	constructor({ signal: stop }: Supplied, config: CallConfig | undefined) {
		const end = () => {
			// n8n's nodes pass the workflow's stop on as their own, or one that follows it.
			this.controller.abort(stop?.aborted ? undefined : CANCELLED);
		};
		const signals = [stop, config?.signal, config?.abortSignal].filter((one) => one !== undefined);
		this.letGo = signals.map((signal) => whenAborted(signal, end));
	}

	/** Whoever asked has left. */
	leave(): void {
		this.controller.abort(UNREAD);
	}

	end(): void {
		for (const letGo of this.letGo) letGo();
	}
}
