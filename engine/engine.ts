import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type {
	IBinaryData,
	ICredentialDataDecryptedObject,
	INode,
	INodeExecutionData,
	INodeType,
	IConnections,
	IRun,
	IRunExecutionData,
	IWebhookResponseData,
	IWorkflowExecuteAdditionalData,
	IWorkflowSettings,
} from 'n8n-workflow';
import { parse, stringify } from 'flatted';
import { builtInNodes } from './builtInNodes';
import {
	Refusal,
	startWebhookServer,
	type WebhookAnswer,
	type WebhookRequest,
} from './webhookServer';

/** Where n8n keeps binary data: in memory (its name is "default") or on disk. */
export type BinaryMode = 'default' | 'filesystem';

export interface EngineOptions {
	/** The folder whose `package.json` has the `n8n` block; the built package, as n8n loads it. */
	packageFolder: string;
	binaryMode: BinaryMode;
	/** The credential that every node gets, whatever its id. */
	credential: ICredentialDataDecryptedObject;
}

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

export interface Engine {
	/** Starts a workflow with these items at its first node. */
	start(workflow: EngineWorkflow, items?: INodeExecutionData[]): Execution;
	/** Switches on a workflow whose first node is a trigger, and gives its webhook's address. */
	activate(workflow: EngineWorkflow): { url: string; runs: Array<Promise<IRun>> };
	/**
	 * Calls a method with which the editor fills a node's panel, such as the entries of a list.
	 *
	 * @param method for example `listSearch.searchModels`
	 * @param node   as it stands in the editor
	 */
	callMethod<T>(method: string, node: INode, ...args: unknown[]): Promise<T>;
	/** Puts a file into n8n's binary store. */
	keep(bytes: Buffer | Readable, fileName: string, mimeType: string): Promise<IBinaryData>;
	/** Reads a file back from n8n's binary store. */
	read(binary: IBinaryData): Promise<Buffer>;
	setCredential(credential: ICredentialDataDecryptedObject): void;
	/** The address under which n8n says that it can be reached. */
	setInstanceUrl(url: string): void;
	stop(): Promise<void>;
}

/** What n8n's database has of an execution. */
interface StoredExecution {
	executionId: string;
	workflow: EngineWorkflow;
	status: 'running' | 'waiting' | 'ended';
	/** As n8n writes it: nothing but data outlives the wait. */
	stored?: string;
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

/**
 * Starts n8n's real workflow engine in this process. n8n-core keeps its state per process, so there
 * is one engine at a time, and its settings are read from the environment when it is first loaded.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-engine-'));
	process.env.N8N_USER_FOLDER ??= folder;
	process.env.N8N_ENCRYPTION_KEY ??= randomUUID();
	process.env.N8N_DEFAULT_BINARY_DATA_MODE ??= options.binaryMode;
	process.env.N8N_LOG_LEVEL ??= 'silent';
	process.env.N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS ??= 'false';
	const { Container } = await import('@n8n/di');
	const core = await import('n8n-core');
	const { createRunExecutionData, Workflow } = await import('n8n-workflow');

	const binaries = Container.get(core.BinaryDataService);
	Container.get(core.BinaryDataConfig).mode = options.binaryMode;
	await binaries.init();
	const loader = new core.PackageDirectoryLoader(options.packageFolder);
	await loader.loadAll();

	let { credential } = options;
	const nodeType = (name: string): INodeType => {
		const builtIn = builtInNodes[name];
		return builtIn ?? (loader.getNode(name.split('.').at(-1)!).type as INodeType);
	};
	const workflowId = randomUUID();
	const storeId = randomUUID();

	const nodeTypes = {
		getByName: nodeType,
		getByNameAndVersion: nodeType,
		getKnownTypes: () => ({}),
	};
	const additionalDataOf = ({ nodes, connections }: EngineWorkflow, executionId: string) =>
		({
			hooks: new core.ExecutionLifecycleHooks('manual', executionId, {
				id: workflowId,
				name: 'workflow',
				active: false,
				createdAt: new Date(),
				updatedAt: new Date(),
				nodes,
				connections,
			} as never),
			executionId,
			credentialsHelper: credentialsHelper(() => credential),
			webhookWaitingBaseUrl: `${instanceUrl}/webhook-waiting`,
			formWaitingBaseUrl: `${instanceUrl}/form-waiting`,
			restApiUrl: `${instanceUrl}/rest`,
			instanceBaseUrl: `${instanceUrl}/`,
			currentNodeExecutionIndex: 0,
		}) as unknown as IWorkflowExecuteAdditionalData;

	/** Executions that have not ended: as n8n's database keeps them while they wait. */
	const executions = new Map<string, StoredExecution>();

	const workflowOf = ({ nodes, connections, settings }: EngineWorkflow) =>
		new Workflow({
			id: workflowId,
			nodes,
			connections,
			nodeTypes,
			active: false,
			settings: { executionOrder: 'v1', ...settings },
		});

	/** Runs an execution until it ends or waits, and keeps it in the second case. */
	const run = (execution: StoredExecution, data: IRunExecutionData): Execution => {
		const { executionId } = execution;
		execution.status = 'running';
		executions.set(executionId, execution);
		const additionalData = additionalDataOf(execution.workflow, executionId);
		const running = new core.WorkflowExecute(
			additionalData,
			'manual',
			data,
		).processRunExecutionData(workflowOf(execution.workflow));
		const finished = running.then((result) => {
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
				run(execution, stored);
			},
		};
	};

	/** A call to a waiting execution, as n8n's server takes it. */
	const resume = async (
		executionId: string,
		request: WebhookRequest,
		answer: WebhookAnswer,
	): Promise<void> => {
		const execution = executions.get(executionId);
		if (!execution) throw new Refusal(404, `The execution "${executionId}" does not exist.`);
		const token = new URL(request.url!, 'http://n8n').searchParams.get('signature');
		const data = execution.stored && (parse(execution.stored) as IRunExecutionData);
		if (data && token !== data.resumeToken) throw new Refusal(401, 'Invalid token');
		if (execution.status === 'running') throw new Refusal(409, 'The execution is running already.');
		if (execution.status === 'ended' || !data) {
			throw new Refusal(409, 'The execution has finished already.');
		}
		const entry = data.executionData!.nodeExecutionStack[0]!;
		entry.node.disabled = true;
		data.waitTill = undefined;
		const name = data.resultData.lastNodeExecuted!;
		data.resultData.runData[name]!.pop();
		const node = execution.workflow.nodes.find((one) => one.name === name)!;
		const result = await callWebhook(execution.workflow, node, executionId, request, answer, data);
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
		run(execution, data);
		if (!result.noWebhookResponse) answer.status(200).json({ message: 'Workflow was started' });
	};

	const callWebhook = async (
		workflow: EngineWorkflow,
		node: INode,
		executionId: string,
		httpRequest: WebhookRequest,
		httpResponse: WebhookAnswer,
		data: IRunExecutionData | null,
	): Promise<IWebhookResponseData> => {
		const additionalData = {
			...additionalDataOf(workflow, executionId),
			httpRequest,
			httpResponse,
		} as unknown as IWorkflowExecuteAdditionalData;
		const type = nodeType(node.type);
		const webhookDescription = type.description.webhooks![0]!;
		const context = new core.WebhookContext(
			workflowOf(workflow),
			node,
			additionalData,
			'webhook',
			{ webhookDescription } as never,
			[],
			data,
		);
		return (await type.webhook!.call(context)) as IWebhookResponseData;
	};

	/** Workflows that are switched on, by the path of their trigger's webhook. */
	const active = new Map<string, ActiveWorkflow>();
	const trigger = async (
		path: string,
		request: WebhookRequest,
		answer: WebhookAnswer,
	): Promise<void> => {
		const found = active.get(path);
		if (!found) throw new Refusal(404, `The requested webhook "${path}" is not registered.`);
		const [node] = found.workflow.nodes;
		const result = await callWebhook(found.workflow, node!, randomUUID(), request, answer, null);
		if (result.workflowData) {
			const data = startData(node!, result.workflowData);
			found.runs.push(run(newExecution(found.workflow), data).finished);
		}
		if (!result.noWebhookResponse) answer.status(200).json({ message: 'Workflow was started' });
	};

	const { url, server } = await startWebhookServer(async (path, request, answer) => {
		const [, kind, id = ''] = path.split('/');
		await (kind === 'webhook-waiting' ? resume : trigger)(id, request, answer);
	});
	let instanceUrl = url;

	const startData = (node: INode, main: INodeExecutionData[][]) =>
		createRunExecutionData({
			executionData: { nodeExecutionStack: [{ node, data: { main }, source: null }] },
		});
	const newExecution = (workflow: EngineWorkflow): StoredExecution => ({
		executionId: randomUUID(),
		workflow,
		status: 'running',
		ended: promises<IRun>(),
	});

	return {
		start: (workflow, items = [{ json: {} }]) =>
			run(newExecution(workflow), startData(workflow.nodes[0]!, [items])),
		activate(workflow) {
			const path = randomUUID();
			const runs: Array<Promise<IRun>> = [];
			active.set(path, { workflow, runs });
			return { url: `${url}/webhook/${path}`, runs };
		},
		async callMethod<T>(method: string, node: INode, ...args: unknown[]): Promise<T> {
			const { nodes, connections } = { nodes: [node], connections: {} };
			const workflow = new Workflow({
				id: workflowId,
				nodes,
				connections,
				nodeTypes,
				active: false,
			});
			const additionalData = {
				...additionalDataOf({ nodes, connections }, storeId),
				currentNodeParameters: node.parameters,
			};
			const context = new core.LoadOptionsContext(workflow, node, additionalData, '');
			const [kind, name] = method.split('.') as ['listSearch', string];
			const called = nodeType(node.type).methods?.[kind]?.[name];
			return (await called!.call(context, ...(args as []))) as T;
		},
		keep: async (bytes, fileName, mimeType) =>
			await core.prepareBinaryData(bytes, storeId, workflowId, fileName, mimeType),
		read: async (binary) => await binaries.getAsBuffer(binary),
		setInstanceUrl: (url) => (instanceUrl = url),
		setCredential: (next) => (credential = next),
		async stop() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			await rm(folder, { recursive: true, force: true });
		},
	};
}

function promises<T>(): Promises<T> {
	let resolve!: (value: T) => void;
	const promise = new Promise<T>((settle) => (resolve = settle));
	return { promise, resolve };
}

/** n8n's own helper reads the database; this one gives what the engine was started with. */
function credentialsHelper(current: () => ICredentialDataDecryptedObject) {
	return {
		getDecrypted: async () => await Promise.resolve(current()),
		getCredentialsProperties: () => [],
		isCredentialUsableByNode: () => true,
	};
}

/** The items that a node of a finished run gave, on one of its outputs. */
export function itemsOf(run: IRun, node: string, output = 0): INodeExecutionData[] {
	return run.data.resultData.runData[node]?.at(-1)?.data?.main?.[output] ?? [];
}
