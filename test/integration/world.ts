import type {
	INode,
	INodeExecutionData,
	INodeParameters,
	IRun,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import {
	itemsOf,
	startEngine,
	type BinaryMode,
	type Engine,
	type Execution,
} from '../../dev/engine/engine';
import type { BareExecutor, BareResult } from '../../dev/engine/bareExecutors';
import type { OnChunk } from '../../dev/engine/executions';
import { nodeType, PACKAGE_FOLDER } from '../../dev/packageName';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../dev/sandbox/server';

/** How the Replicate node is set up in a test. */
export interface NodeSettings {
	parameters: INodeParameters;
	onError?: INode['onError'];
	/** n8n's Retry On Fail: how often the node is tried in all. */
	tries?: number;
	/** The pause before each further try, in ms. */
	pauseMs?: number;
}

/** n8n's engine with the built package, against a sandbox on loopback. */
export interface World {
	engine: Engine;
	sandbox: Sandbox;
	/** Starts a workflow of a trigger and the Replicate node; by hand, where no other mode is given. */
	start(
		settings: NodeSettings,
		items?: INodeExecutionData[],
		onChunk?: OnChunk,
		mode?: WorkflowExecuteMode,
	): Execution;
	/** Retries a failed execution, with the node set up like this. */
	retry(failed: IRun, settings: NodeSettings): Execution;
	/** Starts a workflow of a trigger and so many Replicate nodes, one after the other. */
	startChain(nodes: INodeParameters[]): Execution;
	/** Runs it to its end. */
	run(settings: NodeSettings, items?: INodeExecutionData[]): Promise<Result>;
	/** What the node gave in a run. */
	resultOf(run: IRun): Result;
	/** Runs the node as a tool of n8n's Agents, or as a step of `engine-v2`. */
	callBare(
		executor: BareExecutor,
		parameters: INodeParameters,
		items?: INodeExecutionData[],
	): Promise<BareResult>;
	/** Calls a method of the node's panel, with these parameters in the panel. */
	inEditor<T>(method: string, parameters: INodeParameters, ...args: unknown[]): Promise<T>;
	/** An item with one file in the binary field `data`. */
	fileItem(bytes: Buffer, name: string, mimeType: string): Promise<INodeExecutionData>;
	stop(): Promise<void>;
}

/** What the Replicate node gave. */
export interface Result {
	run: IRun;
	items: INodeExecutionData[];
	/** Items of the error output, when the node has one. */
	failed: INodeExecutionData[];
	error?: {
		message: string;
		description?: string | null;
		name: string;
		httpCode?: string;
		context?: { itemIndex?: number };
	};
}

export const NODE = 'Replicate';

export async function startWorld(
	binaryMode: BinaryMode = 'filesystem',
	options: SandboxOptions = {},
): Promise<World> {
	const sandbox = await startSandbox(options);
	const credential = { apiToken: sandbox.token, baseUrl: sandbox.baseUrl };
	const engine = await startEngine({
		packageFolder: PACKAGE_FOLDER,
		binaryMode,
		credential,
	}).catch(async (error: unknown) => {
		// A server that stays open would keep jest from ending.
		await sandbox.stop();
		throw error;
	});
	const world = worldOf(engine, sandbox, 'sandbox');
	return {
		...world,
		async stop() {
			await Promise.all([world.stop(), engine.stop()]);
		},
	};
}

/** A further sandbox for an engine that runs already, so that many can be tested side by side. */
export async function startWorldIn(engine: Engine, options: SandboxOptions = {}): Promise<World> {
	const sandbox = await startSandbox(options);
	const { token: apiToken, baseUrl } = sandbox;
	engine.setCredential({ apiToken, baseUrl }, baseUrl);
	return worldOf(engine, sandbox, baseUrl);
}

/** @param credentialId of the credential that the node uses */
function worldOf(engine: Engine, sandbox: Sandbox, credentialId: string): World {
	const workflow = (settings: NodeSettings) => workflowOf(settings, credentialId);
	const start: World['start'] = (settings, items, onChunk, mode) =>
		engine.start(workflow(settings), items, onChunk, mode);
	return {
		engine,
		sandbox,
		start,
		retry: (failed, settings) => engine.retry(failed, workflow(settings)),
		startChain(chain) {
			const [trigger, node] = workflow({ parameters: {} }).nodes;
			const links = chain.map((parameters, n) => ({
				...node!,
				id: NODE + n,
				name: NODE + n,
				parameters,
			}));
			const to = (name: string) => ({ main: [[{ node: name, type: 'main' as const, index: 0 }]] });
			const all = [trigger!, ...links];
			return engine.start({
				nodes: all,
				connections: Object.fromEntries(links.map(({ name }, n) => [all[n]!.name, to(name)])),
			});
		},
		async run(settings, items) {
			return resultOf(await start(settings, items).finished);
		},
		resultOf,
		async callBare(executor, parameters, items = [{ json: {} }]) {
			const node = workflow({ parameters }).nodes[1]!;
			const type = executor === 'agents' ? nodeType('replicateTool') : node.type;
			return await engine.callBare(executor, { ...node, type }, items);
		},
		inEditor: async (method, parameters, ...args) =>
			await engine.callMethod(method, workflow({ parameters }).nodes[1]!, ...args),
		async fileItem(bytes, name, mimeType) {
			return { json: { name }, binary: { data: await engine.keep(bytes, name, mimeType) } };
		},
		async stop() {
			await sandbox.stop();
		},
	};
}

function resultOf(run: IRun): Result {
	const error = run.data.resultData.error as unknown as Result['error'];
	return { run, items: itemsOf(run, NODE), failed: itemsOf(run, NODE, 1), error };
}

/** The Replicate Trigger as a workflow's only node. */
export function triggerNode(parameters: INodeParameters = {}, credential = 'sandbox'): INode {
	return {
		id: 'trigger',
		name: 'Trigger',
		type: nodeType('replicateTrigger'),
		typeVersion: 1,
		position: [0, 0],
		parameters,
		credentials: { replicateApi: { id: credential, name: 'Sandbox' } },
	};
}

/** The parameters of `prediction: run` for a model by name. */
export function runModel(model: string, more: INodeParameters = {}): INodeParameters {
	return { model: { __rl: true, mode: 'name', value: model }, ...more };
}

/** The parameters of `prediction: run` with the form's values. */
export function runForm(model: string, value: object, more: INodeParameters = {}): INodeParameters {
	const inputFields = { mappingMode: 'defineBelow', value, matchingColumns: [], schema: [] };
	return { ...runModel(model), inputFields, ...more } as INodeParameters;
}

/** The parameter that fills a model's input from binary fields. */
export function fileInput(input: string, binaryFields = 'data'): INodeParameters {
	return { fileInputs: { values: [{ input, binaryFields }] } };
}

function workflowOf(
	{ parameters, onError, tries, pauseMs = 1 }: NodeSettings,
	credentialId: string,
) {
	const trigger = {
		id: 'trigger',
		name: 'Trigger',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: {},
	};
	const replicate = {
		...trigger,
		id: 'replicate',
		name: NODE,
		type: nodeType('replicate'),
		credentials: { replicateApi: { id: credentialId, name: 'Sandbox' } },
		parameters,
		onError,
		...(tries === undefined
			? {}
			: { retryOnFail: true, maxTries: tries, waitBetweenTries: pauseMs }),
	};
	return {
		nodes: [trigger, replicate],
		connections: { Trigger: { main: [[{ node: NODE, type: 'main' as const, index: 0 }]] } },
	};
}
