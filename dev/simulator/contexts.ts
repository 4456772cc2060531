import type {
	IBinaryData,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	IWebhookFunctions,
} from 'n8n-workflow';
import { Readable } from 'node:stream';
import { BASE_URL } from './account';
import type { Execution } from './execution';
import type { Network } from './network';
import type { Process } from './processes';

/** n8n's binary store: files by their ids. */
export class Store {
	private readonly files = new Map<string, Buffer>();

	put(id: string, bytes: Buffer): IBinaryData {
		this.files.set(id, bytes);
		return {
			id,
			data: 'filesystem',
			mimeType: 'image/png',
			fileName: `${id}.png`,
			bytes: bytes.length,
		};
	}

	readonly helpers = {
		getBinaryStream: async (id: string) =>
			await Promise.resolve(Readable.from([this.files.get(id)!])),
		getBinaryDataBuffer: async (_index: number, { id = '' }: IBinaryData) =>
			await Promise.resolve(this.files.get(id)!),
		getBinaryMetadata: async (id: string) =>
			await Promise.resolve({ fileSize: this.files.get(id)!.length }),
		prepareBinaryData: async (content: Buffer | Readable, fileName: string, mimeType: string) => {
			const chunks: Buffer[] = [];
			if (Buffer.isBuffer(content)) chunks.push(content);
			else for await (const chunk of content) chunks.push(chunk as Buffer);
			const id = `kept${this.files.size}`;
			return { ...this.put(id, Buffer.concat(chunks)), fileName, mimeType };
		},
	};
}

/** What every context of n8n's needs. */
export interface Around {
	network: Network;
	store: Store;
	process: Process;
}

/** The node as n8n's workflow has it. */
export function nodeOf({ script }: Execution): INode {
	const { tries, onError, pauseMs } = script;
	return {
		id: 'replicate',
		name: 'Replicate',
		type: 'n8n-nodes-replicate-models.replicate',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		onError,
		...(tries > 1 ? { retryOnFail: true, maxTries: tries, waitBetweenTries: pauseMs } : {}),
	};
}

function shared(execution: Execution, { network, store, process }: Around) {
	const node = nodeOf(execution);
	return {
		getNode: () => node,
		getExecutionId: () => execution.id,
		getCredentials: async () =>
			await Promise.resolve({ apiToken: 'r8_of_this_account', baseUrl: BASE_URL }),
		helpers: { ...store.helpers, transport: network.transport(process, execution.id) },
	};
}

/** What a node runs with, and a chat model is asked for with. */
export function executeContext(
	execution: Execution,
	around: Around,
	putToWait: (till: Date) => void,
): IExecuteFunctions {
	const { script } = execution;
	const { inputs, pass, memory, hints } = execution;
	const context = {
		...shared(execution, around),
		getNodeParameter(
			name: string,
			index: number,
			fallback: unknown,
			options: { rawExpressions?: boolean } = {},
		) {
			const given = name
				.split('.')
				.reduce<unknown>(
					(value, part) => (value as Record<string, unknown>)?.[part],
					script.parameters,
				);
			if (typeof given !== 'function') return given ?? fallback;
			return options.rawExpressions
				? '={{ }}'
				: (given as (item: unknown) => unknown)(inputs[index]);
		},
		getInputData: () => inputs,
		getContext: () => memory,
		getWorkflowDataProxy: () => ({
			$runIndex: pass,
			$execution: { resumeUrl: execution.resumeUrl() },
		}),
		continueOnFail: () => script.onError !== 'stopWorkflow',
		getExecutionCancelSignal: () => execution.stop.signal,
		putExecutionToWait: async (till: Date) => await Promise.resolve(putToWait(till)),
		addExecutionHints: (...given: Array<{ message: string }>) =>
			hints.push(...given.map(({ message }) => message)),
		sendMessageToUI: () => undefined,
		isStreaming: () => false,
		isToolExecution: () => false,
		sendChunk: () => undefined,
		parentNode: { name: 'Chain', ...(script.tries > 1 ? nodeOf(execution) : {}) },
	};
	return context as unknown as IExecuteFunctions;
}

/** A callback, as n8n hands it to the node. */
export interface CallbackRequest {
	headers: Record<string, string>;
	rawBody: Buffer;
}

/** What a callback of a waiting execution is handled with. */
export function webhookContext(
	execution: Execution,
	around: Around,
	request: CallbackRequest,
	answer: (status: number) => void,
): IWebhookFunctions {
	const { memory, inputs } = JSON.parse(execution.saved!) as {
		memory: Record<string, unknown>;
		inputs: INodeExecutionData[];
	};
	const context = {
		...shared(execution, around),
		getRequestObject: () => request,
		getResponseObject: () => ({
			status: (status: number) => ({ json: () => answer(status) }),
		}),
		evaluateExpression: (expression: string) =>
			expression.includes('$input') ? inputs : memory.suspended,
	};
	return context as unknown as IWebhookFunctions;
}
