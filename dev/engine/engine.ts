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
	IRun,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { executeBare, type BareExecutor, type BareResult } from './bareExecutors';
import { builtInNodes } from './builtInNodes';
import { Executions, type EngineWorkflow, type Execution, type OnChunk } from './executions';
import { startWebhookServer } from './webhookServer';

export type { EngineWorkflow, Execution } from './executions';

/** Where n8n keeps binary data: in memory (its name is "default") or on disk. */
export type BinaryMode = 'default' | 'filesystem';

export interface EngineOptions {
	/** The folder whose `package.json` has the `n8n` block; the built package, as n8n loads it. */
	packageFolder: string;
	binaryMode: BinaryMode;
	/** The credential that every node gets, unless its id was given one of its own. */
	credential: ICredentialDataDecryptedObject;
	/** Further nodes by their types, such as those of a rival. */
	nodes?: Record<string, INodeType>;
}

export interface Engine {
	/**
	 * Starts a workflow with these items at its first node.
	 *
	 * @param mode who starts it, in n8n's word; by hand where it is left out
	 */
	start(
		workflow: EngineWorkflow,
		items?: INodeExecutionData[],
		onChunk?: OnChunk,
		mode?: WorkflowExecuteMode,
	): Execution;
	/** Retries a failed execution, with the workflow that it failed with or with another. */
	retry(failed: IRun, workflow: EngineWorkflow): Execution;
	/** Switches on a workflow whose first node is a trigger, and gives its webhook's address. */
	activate(workflow: EngineWorkflow): { url: string; runs: Array<Promise<IRun>> };
	/** Calls a trigger's webhook methods, as n8n does when its workflow is switched on. */
	switchOn(trigger: INode): Promise<void>;
	/**
	 * Calls a method with which the editor fills a node's panel, such as the entries of a list.
	 *
	 * @param method for example `listSearch.searchModels`
	 * @param node   as it stands in the editor
	 */
	callMethod<T>(method: string, node: INode, ...args: unknown[]): Promise<T>;
	/** Runs one node with what n8n has beside its engine; no execution stands behind it. */
	callBare(executor: BareExecutor, node: INode, items: INodeExecutionData[]): Promise<BareResult>;
	/** Puts a file into n8n's binary store. */
	keep(bytes: Buffer | Readable, fileName: string, mimeType: string): Promise<IBinaryData>;
	/** Reads a file back from n8n's binary store. */
	read(binary: IBinaryData): Promise<Buffer>;
	/** @param id of the nodes' credential that this is; all others when it is left out */
	setCredential(credential: ICredentialDataDecryptedObject, id?: string): void;
	/** Forgets the executions that have ended, as n8n prunes them. */
	forgetEnded(): void;
	/** Deletes the files that these executions have kept. */
	deleteFiles(executionIds: string[]): Promise<void>;
	/** The address under which n8n says that it can be reached. */
	setInstanceUrl(url: string): void;
	stop(): Promise<void>;
}

/**
 * Starts n8n's real workflow engine in this process. n8n-core keeps its state per process, so there
 * is one engine at a time, and its settings but the binary mode are read from the environment when it is first loaded.
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
	const { Workflow } = await import('n8n-workflow');

	const binaries = Container.get(core.BinaryDataService);
	// The process may have had an engine before, with a folder and a mode of its own.
	Object.assign(Container.get(core.BinaryDataConfig), {
		mode: options.binaryMode,
		localStoragePath: join(folder, 'storage'),
	});
	await binaries.init();
	const loader = new core.PackageDirectoryLoader(options.packageFolder);
	await loader.loadAll();

	let { credential } = options;
	const credentials = new Map<string, ICredentialDataDecryptedObject>();
	const nodeType = (name: string): INodeType => {
		const builtIn = builtInNodes[name] ?? options.nodes?.[name];
		if (builtIn) return builtIn;
		// n8n makes the tool for agents out of the node itself.
		const own = name.split('.').at(-1)!.replace(/Tool$/, '');
		return loader.getNode(own).type as INodeType;
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
			credentialsHelper: credentialsHelper((id) => credentials.get(id) ?? credential),
			webhookWaitingBaseUrl: `${instanceUrl}/webhook-waiting`,
			formWaitingBaseUrl: `${instanceUrl}/form-waiting`,
			restApiUrl: `${instanceUrl}/rest`,
			instanceBaseUrl: `${instanceUrl}/`,
			currentNodeExecutionIndex: 0,
		}) as unknown as IWorkflowExecuteAdditionalData;

	const workflowOf = ({ nodes, connections, settings }: EngineWorkflow) =>
		new Workflow({
			id: workflowId,
			nodes,
			connections,
			nodeTypes,
			active: false,
			settings: { executionOrder: 'v1', ...settings },
		});

	const executions = new Executions(core, { workflowOf, additionalDataOf, nodeType });
	const { url, server } = await startWebhookServer(async (path, request, answer) => {
		const [, kind, id = '', ...rest] = path.split('/');
		if (kind === 'webhook-waiting') await executions.resume(id, rest.join('/'), request, answer);
		else await executions.trigger(id, request, answer);
	});
	let instanceUrl = url;

	return {
		start: (workflow, items = [{ json: {} }], onChunk, mode) =>
			executions.start(workflow, [items], onChunk, mode),
		retry: (failed, workflow) => executions.retry(failed, workflow),
		activate(workflow) {
			const { path, runs } = executions.activate(workflow);
			return { url: `${url}/webhook/${path}`, runs };
		},
		async switchOn(trigger) {
			const workflow: EngineWorkflow = { nodes: [trigger], connections: {} };
			const additionalData = additionalDataOf(workflow, storeId);
			const context = new core.HookContext(
				workflowOf(workflow),
				trigger,
				additionalData,
				'trigger',
				'activate',
			);
			const methods = nodeType(trigger.type).webhookMethods!.default!;
			if (!(await methods.checkExists.call(context))) await methods.create.call(context);
		},
		async callMethod<T>(method: string, node: INode, ...args: unknown[]): Promise<T> {
			const workflow: EngineWorkflow = { nodes: [node], connections: {} };
			const additionalData = {
				...additionalDataOf(workflow, storeId),
				currentNodeParameters: node.parameters,
			};
			const context = new core.LoadOptionsContext(workflowOf(workflow), node, additionalData, '');
			const [kind, name] = method.split('.') as ['listSearch', string];
			const called = nodeType(node.type).methods?.[kind]?.[name];
			return (await called!.call(context, ...(args as []))) as T;
		},
		async callBare(executor, node, items) {
			const additionalData = additionalDataOf({ nodes: [node], connections: {} }, storeId);
			delete additionalData.hooks;
			delete additionalData.executionId;
			return await executeBare(executor, node, items, {
				core,
				workflowOf: (nodes) => workflowOf({ nodes, connections: {} }),
				additionalData,
				nodeType,
			});
		},
		keep: async (bytes, fileName, mimeType) =>
			await core.prepareBinaryData(bytes, storeId, workflowId, fileName, mimeType),
		read: async (binary) => await binaries.getAsBuffer(binary),
		forgetEnded: () => executions.forgetEnded(),
		deleteFiles: async (executionIds) =>
			await binaries.deleteMany(
				executionIds.map((executionId) => ({ type: 'execution', workflowId, executionId })),
			),
		setInstanceUrl: (url) => (instanceUrl = url),
		setCredential(next, id) {
			if (id === undefined) credential = next;
			else credentials.set(id, next);
		},
		async stop() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			await rm(folder, { recursive: true, force: true });
		},
	};
}

/** n8n's own helper reads the database; this one gives what the engine was started with. */
function credentialsHelper(credentialOf: (id: string) => ICredentialDataDecryptedObject) {
	return {
		getDecrypted: async (_additionalData: unknown, { id }: { id: string }) =>
			await Promise.resolve(credentialOf(id)),
		getCredentialsProperties: () => [],
		isCredentialUsableByNode: () => true,
	};
}

/** The items that a node of a finished run gave, on one of its outputs. */
export function itemsOf(run: IRun, node: string, output = 0): INodeExecutionData[] {
	return run.data.resultData.runData[node]?.at(-1)?.data?.main?.[output] ?? [];
}
