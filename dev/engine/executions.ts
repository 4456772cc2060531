import { version as coreVersion } from 'n8n-core/package.json';
import { randomUUID } from 'node:crypto';
import { parse, stringify } from 'flatted';
import * as n8nWorkflow from 'n8n-workflow';
import type {
	IConnections,
	IExecuteData,
	INode,
	INodeExecutionData,
	INodeType,
	IRun,
	IRunExecutionData,
	IWebhookDescription,
	IWebhookResponseData,
	IWorkflowExecuteAdditionalData,
	IWorkflowSettings,
	StructuredChunk,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { WAIT_PATH } from './builtInNodes';
import { Refusal, type WebhookAnswer, type WebhookRequest } from './webhookServer';

/** The part of an exported workflow that runs. */
export interface EngineWorkflow {
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

export interface Execution {
	executionId: string;
	/** Resolves when the engine has ended the run, in whatever way, or put it to wait. */
	finished: Promise<IRun>;
	/** Resolves when it has ended for good. */
	ended: Promise<IRun>;
	/** What n8n does when the time is up until which the execution waits. */
	timeUp(): void;
	/** What the Stop button does. */
	stop(): void;
}

/** Told of each part of an answer that a node passes on, as in a chat whose answer streams. */
export type OnChunk = (chunk: StructuredChunk) => void;

/** What n8n's database has of an execution. */
interface StoredExecution {
	executionId: string;
	workflow: EngineWorkflow;
	status: 'running' | 'waiting' | 'ended';
	/** As n8n writes it: nothing but data outlives the wait. */
	stored?: string;
	onChunk?: OnChunk;
	/** Who started it, in n8n's word; a wait does not change it. */
	mode: WorkflowExecuteMode;
	ended: Promises<IRun>;
}

interface Promises<T> {
	promise: Promise<T>;
	resolve(value: T): void;
}

interface ActiveWorkflow {
	workflow: EngineWorkflow;
	runs: Array<Promise<IRun>>;
}

/** What an execution needs of the engine around it. */
interface Host {
	workflowOf(workflow: EngineWorkflow): Workflow;
	additionalDataOf(workflow: EngineWorkflow, executionId: string): IWorkflowExecuteAdditionalData;
	nodeType(name: string): INodeType;
}

/**
 * The executions of an engine. One that waits is written out as n8n's database does it, and resumed by
 * a call or by its timer as n8n's server does it; the facts were read in n8n 1.120, 2.40 and 2.41.
 */
export class Executions {
	private readonly executions = new Map<string, StoredExecution>();
	/** Workflows that are switched on, by the path of their trigger's webhook. */
	private readonly active = new Map<string, ActiveWorkflow>();

	constructor(
		private readonly core: typeof import('n8n-core'),
		private readonly host: Host,
	) {}

	/** Starts a workflow at its first node. */
	start(
		workflow: EngineWorkflow,
		main: INodeExecutionData[][],
		onChunk?: OnChunk,
		mode: WorkflowExecuteMode = 'manual',
	): Execution {
		const node = workflow.nodes[0]!;
		const data = runDataOf([{ node, data: { main }, source: null }]);
		const execution: StoredExecution = {
			executionId: randomUUID(),
			workflow,
			status: 'running',
			onChunk,
			mode,
			ended: promises<IRun>(),
		};
		return this.run(execution, data);
	}

	/** Switches on a workflow whose first node is a trigger. */
	activate(workflow: EngineWorkflow): { path: string; runs: Array<Promise<IRun>> } {
		const path = randomUUID();
		const runs: Array<Promise<IRun>> = [];
		this.active.set(path, { workflow, runs });
		return { path, runs };
	}

	/** Runs an execution until it ends or waits, and keeps it in the second case. */
	private run(execution: StoredExecution, data: IRunExecutionData): Execution {
		const { executionId } = execution;
		execution.status = 'running';
		this.executions.set(executionId, execution);
		const additionalData = this.host.additionalDataOf(execution.workflow, executionId);
		const { onChunk } = execution;
		if (onChunk) {
			additionalData.streamingEnabled = true;
			additionalData.hooks!.addHandler('sendChunk', async (chunk) => onChunk(chunk));
		}
		const running = new this.core.WorkflowExecute(
			additionalData,
			execution.mode,
			data,
		).processRunExecutionData(this.host.workflowOf(execution.workflow));
		const finished = running.then((result) => {
			// n8n-core before 1.120.2 leaves this to n8n's server.
			if (result.status === 'running' && result.data.resultData.error) result.status = 'error';
			const isWaiting = result.waitTill !== undefined && result.waitTill !== null;
			execution.status = isWaiting ? 'waiting' : 'ended';
			if (isWaiting) execution.stored = stringify(result.data);
			else execution.ended.resolve(result);
			return result;
		});
		return {
			executionId,
			finished,
			ended: execution.ended.promise,
			stop: () => running.cancel(),
			timeUp: () => {
				const stored = parse(execution.stored!) as IRunExecutionData;
				this.run(execution, stored);
			},
		};
	}

	/**
	 * What the Retry button of a failed execution does: a new execution begins at the node that failed,
	 * with all that n8n has kept (n8n's execution service, in 1.120 and 2.40).
	 *
	 * @param workflow that it runs with: the one it failed with, or the one that is saved now
	 */
	retry({ data: failed }: IRun, workflow: EngineWorkflow): Execution {
		const data = parse(stringify(failed)) as IRunExecutionData;
		const { resultData, executionData } = data;
		const { lastNodeExecuted } = resultData;
		if (lastNodeExecuted !== undefined) {
			delete resultData.error;
			const runs = resultData.runData[lastNodeExecuted];
			if (runs?.at(-1)?.error !== undefined) runs.pop();
		}
		for (const entry of executionData!.nodeExecutionStack) {
			entry.node = workflow.nodes.find(({ name }) => name === entry.node.name)!;
		}
		return this.run(
			{
				executionId: randomUUID(),
				workflow,
				status: 'running',
				mode: 'retry',
				ended: promises<IRun>(),
			},
			data,
		);
	}

	/** Forgets the executions that have ended. */
	forgetEnded(): void {
		for (const [id, { status }] of this.executions) {
			if (status === 'ended') this.executions.delete(id);
		}
	}

	/** A call to a waiting execution, as n8n's server takes it. */
	async resume(
		executionId: string,
		suffix: string,
		request: WebhookRequest,
		answer: WebhookAnswer,
	): Promise<void> {
		const execution = this.executions.get(executionId);
		if (!execution) throw new Refusal(404, `The execution "${executionId}" does not exist.`);
		const token = new URL(request.url!, 'http://n8n').searchParams.get('signature');
		const data = execution.stored && (parse(execution.stored) as IRunExecutionData);
		// n8n has signed the resume URLs of all nodes since 2.14; without a token it asks for none.
		if (data && data.resumeToken !== undefined && token !== data.resumeToken) {
			throw new Refusal(401, 'Invalid token');
		}
		if (execution.status === 'running') throw new Refusal(409, 'The execution is running already.');
		if (execution.status === 'ended' || !data) {
			throw new Refusal(409, 'The execution has finished already.');
		}
		const entry = data.executionData!.nodeExecutionStack[0]!;
		entry.node.disabled = true;
		data.waitTill = undefined;
		const name = data.resultData.lastNodeExecuted!;
		// The input of a tool is in the run data alone.
		const { inputOverride, source } = data.resultData.runData[name]!.pop()!;
		if (inputOverride) {
			const kept = { startTime: 0, executionTime: 0, executionIndex: 0, source, inputOverride };
			data.resultData.runData[name]!.push(kept);
		}
		const node = execution.workflow.nodes.find((one) => one.name === name)!;
		const webhook = this.resumingWebhook(node, suffix, request.method!);
		if (!webhook) {
			throw new Refusal(
				404,
				`The workflow for execution "${executionId}" does not contain a waiting webhook with a matching path/method.`,
			);
		}
		const result = await this.callWebhook(
			webhook,
			execution.workflow,
			node,
			executionId,
			request,
			answer,
			data,
		);
		const { workflowData } = result;
		if (workflowData === undefined) {
			if (!result.noWebhookResponse) answer.status(200).json({ message: 'Webhook call received' });
			return;
		}
		if ((execution.status as string) !== 'waiting') {
			throw new Refusal(500, 'The execution is already being resumed');
		}
		entry.data.main = workflowData;
		entry.metadata = { ...entry.metadata, forwardAllOutputs: true } as typeof entry.metadata;
		this.run(execution, data);
		if (!result.noWebhookResponse) answer.status(200).json({ message: 'Workflow was started' });
	}

	/** A call to the webhook of a trigger whose workflow is switched on. */
	async trigger(path: string, request: WebhookRequest, answer: WebhookAnswer): Promise<void> {
		const found = this.active.get(path);
		if (!found) throw new Refusal(404, `The requested webhook "${path}" is not registered.`);
		const [node] = found.workflow.nodes;
		const [webhook] = this.host.nodeType(node!.type).description.webhooks!;
		const result = await this.callWebhook(
			webhook!,
			found.workflow,
			node!,
			randomUUID(),
			request,
			answer,
			null,
		);
		if (result.workflowData) {
			found.runs.push(
				this.start(found.workflow, result.workflowData, undefined, 'webhook').finished,
			);
		}
		if (!result.noWebhookResponse) answer.status(200).json({ message: 'Workflow was started' });
	}

	/** The webhook at which a node waits under this end of the address. */
	private resumingWebhook(
		{ type, parameters }: INode,
		suffix: string,
		method: string,
	): IWebhookDescription | undefined {
		const { webhooks = [] } = this.host.nodeType(type).description;
		return webhooks.find(
			({ restartWebhook, httpMethod, path }) =>
				restartWebhook === true && httpMethod === method && pathOf(path, parameters) === suffix,
		);
	}

	private async callWebhook(
		webhookDescription: IWebhookDescription,
		workflow: EngineWorkflow,
		node: INode,
		executionId: string,
		httpRequest: WebhookRequest,
		httpResponse: WebhookAnswer,
		data: IRunExecutionData | null,
	): Promise<IWebhookResponseData> {
		const additionalData = {
			...this.host.additionalDataOf(workflow, executionId),
			httpRequest,
			httpResponse,
		} as unknown as IWorkflowExecuteAdditionalData;
		const type = this.host.nodeType(node.type);
		const context = new this.core.WebhookContext(
			this.host.workflowOf(workflow),
			node,
			additionalData,
			'webhook',
			{ webhookDescription } as never,
			[],
			data,
		);
		return (await type.webhook!.call(context)) as IWebhookResponseData;
	}
}

/** A webhook's path, which the Wait node takes from its own parameter. */
function pathOf(path: string, parameters: INode['parameters']): string {
	return path === WAIT_PATH ? String(parameters.webhookSuffix ?? '') : path;
}

/** The data of an execution that begins with these nodes. */
function runDataOf(nodeExecutionStack: IExecuteData[]): IRunExecutionData {
	// n8n-workflow makes it itself since 1.118.
	if ('createRunExecutionData' in n8nWorkflow) {
		return n8nWorkflow.createRunExecutionData({ executionData: { nodeExecutionStack } });
	}
	return {
		startData: {},
		resultData: { runData: {} },
		executionData: {
			contextData: {},
			nodeExecutionStack,
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: {},
		},
	} as unknown as IRunExecutionData;
}

/** Whether this n8n gives every execution a token without which nobody resumes it. */
export function hasSignedResumeUrls(): boolean {
	return runDataOf([]).resumeToken !== undefined;
}

/** Whether this n8n has that version or a newer one, of 2.0 and newer: n8n and n8n-core count alike there. */
export function isN8nSince(version: `${number}.${number}`): boolean {
	const [major, minor] = version.split('.').map(Number);
	const [ofCore = 0, minorOfCore = 0] = coreVersion.split('.').map(Number);
	return ofCore > major! || (ofCore === major && minorOfCore >= minor!);
}

function promises<T>(): Promises<T> {
	let resolve!: (value: T) => void;
	const promise = new Promise<T>((settle) => (resolve = settle));
	return { promise, resolve };
}
