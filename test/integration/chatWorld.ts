import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type IRun,
} from 'n8n-workflow';
import {
	itemsOf,
	startEngine,
	type Engine,
	type EngineWorkflow,
	type Execution,
} from '../../dev/engine/engine';
import { nodeType, PACKAGE_FOLDER } from '../../dev/packageName';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../dev/sandbox/server';

/** What a chain does with its model for one item, as n8n's own chains do. */
export type ChainStep = (
	model: BaseChatModel,
	item: INodeExecutionData,
	context: IExecuteFunctions,
) => Promise<unknown>;

export interface ChatSettings {
	/** `owner/name`. */
	model: string;
	options?: INodeParameters;
	/** n8n's Retry On Fail of the chain: how often it is tried in all. */
	tries?: number;
	/** The pause before each further try, in ms. */
	pauseMs?: number;
	/** How many items are asked at the same time. */
	parallel?: number;
	/** Whether the first failed item ends the chain while others are asked. */
	failsFast?: boolean;
	/** How many chains there are, one after the other, with the same chat model. */
	chains?: number;
}

/** n8n's engine with a chain whose model is the Replicate Chat Model, against a sandbox. */
export interface ChatWorld {
	engine: Engine;
	sandbox: Sandbox;
	start(settings: ChatSettings, step: ChainStep, items?: INodeExecutionData[]): Execution;
	retry(failed: IRun, settings: ChatSettings, step: ChainStep): Execution;
	/** Runs it to its end, and gives what the step gave for each item. */
	run(settings: ChatSettings, step: ChainStep, items?: INodeExecutionData[]): Promise<ChatResult>;
	resultOf(run: IRun): ChatResult;
	stop(): Promise<void>;
}

export interface ChatResult {
	run: IRun;
	answers: unknown[];
	error?: { message: string; description?: string; node?: { name: string } };
	/** What n8n shows of the chat model's calls. */
	calls: Array<{ error?: { message: string }; hints?: Array<{ message: string }>; data?: unknown }>;
}

export const CHAIN = 'Chain';
const MODEL = 'Replicate Chat Model';
const CHAIN_TYPE = 'test.chain';

let step: ChainStep;
let parallel = 1;
let failsFast = false;

/** Asks for its model anew for each item, as n8n's Basic LLM Chain does. */
const chain: INodeType = {
	description: {
		displayName: 'Chain',
		name: 'chain',
		group: ['transform'],
		version: 1,
		description: 'A chain',
		defaults: { name: CHAIN },
		inputs: [
			{ type: NodeConnectionTypes.Main },
			{ type: NodeConnectionTypes.AiLanguageModel, maxConnections: 1 },
		],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	},
	async execute(this: IExecuteFunctions) {
		const items = this.getInputData();
		const results: INodeExecutionData[] = [];
		for (let at = 0; at < items.length; at += parallel) {
			const asked = items.slice(at, at + parallel).map(async (item) => {
				const model = await this.getInputConnectionData(NodeConnectionTypes.AiLanguageModel, 0);
				return await step(model as BaseChatModel, item, this);
			});
			if (failsFast) await Promise.all(asked);
			const settled = await Promise.allSettled(asked);
			for (const one of settled) {
				if (one.status === 'rejected') throw one.reason;
				results.push({ json: { answer: one.value as never } });
			}
		}
		return [results];
	},
};

export async function startChatWorld(options: SandboxOptions = {}): Promise<ChatWorld> {
	const sandbox = await startSandbox({ bootMs: 0, ...options });
	const credential = { apiToken: sandbox.token, baseUrl: sandbox.baseUrl };
	const engine = await startEngine({
		packageFolder: PACKAGE_FOLDER,
		binaryMode: 'filesystem',
		credential,
		nodes: { [CHAIN_TYPE]: chain },
	}).catch(async (error: unknown) => {
		await sandbox.stop();
		throw error;
	});
	const world: ChatWorld = {
		engine,
		sandbox,
		start(settings, next, items) {
			step = next;
			({ parallel = 1, failsFast = false } = settings);
			return engine.start(workflowOf(settings), items);
		},
		retry(failed, settings, next) {
			step = next;
			return engine.retry(failed, workflowOf(settings));
		},
		resultOf(run) {
			const { error, runData } = run.data.resultData;
			return {
				run,
				answers: itemsOf(run, CHAIN).map(({ json }) => json.answer),
				error: error as unknown as ChatResult['error'],
				calls: (runData[MODEL] ?? []) as unknown as ChatResult['calls'],
			};
		},
		async run(settings, next, items) {
			return world.resultOf(await world.start(settings, next, items).finished);
		},
		async stop() {
			await Promise.all([engine.stop(), sandbox.stop()]);
		},
	};
	return world;
}

function workflowOf({
	model,
	options = {},
	tries,
	pauseMs = 1,
	chains = 1,
}: ChatSettings): EngineWorkflow {
	const common = { typeVersion: 1, position: [0, 0] as [number, number], parameters: {} };
	const trigger: INode = {
		...common,
		id: 'trigger',
		name: 'Trigger',
		type: 'n8n-nodes-base.manualTrigger',
	};
	const all = Array.from({ length: chains }, (_, n): INode => {
		const name = n === 0 ? CHAIN : `${CHAIN} ${n}`;
		const retry = { retryOnFail: true, maxTries: tries, waitBetweenTries: pauseMs };
		return {
			...{ ...common, id: name, name, type: CHAIN_TYPE },
			...(tries === undefined ? {} : retry),
		};
	});
	const chat: INode = {
		...common,
		id: 'model',
		name: MODEL,
		type: nodeType('replicateChatModel'),
		credentials: { replicateApi: { id: 'sandbox', name: 'Sandbox' } },
		parameters: { model: { __rl: true, mode: 'name', value: model }, options },
	};
	const to = (node: string) => ({ main: [[{ node, type: 'main' as const, index: 0 }]] });
	const links = all.map(({ name }, n) => [n === 0 ? 'Trigger' : all[n - 1]!.name, to(name)]);
	const serves = all.map(({ name }) => ({
		node: name,
		type: NodeConnectionTypes.AiLanguageModel,
		index: 0,
	}));
	return {
		nodes: [trigger, ...all, chat],
		connections: {
			...Object.fromEntries(links),
			[MODEL]: { [NodeConnectionTypes.AiLanguageModel]: [serves] },
		},
	};
}
