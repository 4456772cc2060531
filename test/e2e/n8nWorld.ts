import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INode, INodeExecutionData, IRunExecutionData } from 'n8n-workflow';
import { createCredentials, importExample, type Surroundings } from '../../dev/n8n/examples';
import { startRecipeServers, type RecipeServers } from '../../dev/n8n/servers';
import { installN8n, type InstalledN8n } from '../../dev/n8n/install';
import { freePort, N8nProcess } from '../../dev/n8n/server';
import { Session, type SavedWorkflow, type WorkflowFile } from '../../dev/n8n/session';
import { startStandIns, type StandIns } from '../../dev/n8n/standIns';
import { PACKAGE_NAME } from '../../dev/packageName';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../dev/sandbox/server';
import { empty, makeUserFolder, sharedN8n } from './sharedN8n';

/** How long n8n takes at most to listen for the triggers of a workflow that was switched on, in ms. */
const ACTIVATION_MS = 10_000;

/** A complete n8n with the packed package in it, and what it talks to. */
export interface N8nWorld {
	n8n: InstalledN8n;
	/** n8n's main process: its address. */
	main: Pick<N8nProcess, 'url'>;
	session: Session;
	sandbox: Sandbox;
	standIns: StandIns;
	/** Where it was asked for them. */
	servers?: RecipeServers;
	surroundings: Surroundings;
	credentials: Record<string, { id: string; name: string }>;
	/** n8n's `N8N_USER_FOLDER`. */
	userFolder: string;
	/** The only folder that n8n may read and write. */
	filesFolder: string;
	stop(): Promise<void>;
}

/** A world whose n8n may be ended and started again. */
export interface OwnN8nWorld extends N8nWorld {
	main: N8nProcess;
}

export interface N8nWorldOptions {
	/** Further settings of n8n. */
	env?: NodeJS.ProcessEnv;
	sandbox?: SandboxOptions;
}

/** Folders and neighbours of an n8n, before any process of it was started. */
export async function startSurroundings({ sandbox: options }: N8nWorldOptions = {}) {
	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-e2e-'));
	const { filesFolder } = await makeUserFolder(userFolder);
	return { userFolder, filesFolder, ...(await startNeighbours(options)) };
}

/** What an n8n talks to. */
async function startNeighbours(options?: SandboxOptions) {
	const n8n = await installN8n((line) => process.stderr.write(`${line}\n`));
	return { n8n, sandbox: await startSandbox(options), standIns: await startStandIns() };
}

/**
 * The n8n that suites share, with SQLite, as most builders run it: without workflows, and with
 * credentials for a sandbox and neighbours of this suite alone.
 *
 * @param options.photos what is in the bucket `photos`, by its names; starts the recipes' servers
 */
export async function startN8nWorld({
	sandbox: options,
	photos,
}: Pick<N8nWorldOptions, 'sandbox'> & { photos?: Record<string, Buffer> } = {}): Promise<N8nWorld> {
	const shared = await sharedN8n();
	const session = await Session.open(shared.url);
	await empty(session, shared);
	const { url, userFolder, filesFolder } = shared;
	const folder = await mkdtemp(join(tmpdir(), 'n8n-e2e-servers-'));
	const servers = photos ? await startRecipeServers(folder, photos) : undefined;
	const around = { userFolder, filesFolder, servers, ...(await startNeighbours(options)) };
	const stop = async () => {
		// A trigger says goodbye to its server: n8n waits for ever for one that has gone.
		await empty(session, shared);
		await Promise.all([around.sandbox.stop(), around.standIns.stop(), servers?.stop()]);
		await rm(folder, { recursive: true, force: true });
	};
	const credentials = await createCredentials(session, around);
	return { ...around, main: { url }, session, surroundings: around, credentials, stop };
}

/** An n8n process of this suite alone: for settings of its own, or to be ended and started again. */
export async function startOwnN8nWorld(options: N8nWorldOptions = {}): Promise<OwnN8nWorld> {
	const around = await startSurroundings(options);
	const { n8n, userFolder, filesFolder, sandbox, standIns } = around;
	const main = new N8nProcess({
		n8n,
		role: 'start',
		userFolder,
		port: await freePort(),
		env: { N8N_RESTRICT_FILE_ACCESS_TO: filesFolder, ...options.env },
	});
	const stop = async () => {
		await main.stop();
		await Promise.all([sandbox.stop(), standIns.stop()]);
		await rm(userFolder, { recursive: true, force: true });
	};
	let isReady = false;
	try {
		await main.start();
		const session = await Session.open(main.url);
		const credentials = await createCredentials(session, around);
		isReady = true;
		return { ...around, main, session, surroundings: around, credentials, stop };
	} finally {
		if (!isReady) await stop();
	}
}

/** Imports an example, changed where a test needs it. */
export async function example(
	{ session, surroundings, credentials }: N8nWorld,
	name: string,
	change?: (workflow: WorkflowFile) => void,
): Promise<SavedWorkflow> {
	return await importExample(session, name, surroundings, credentials, change);
}

/** A workflow of the tests' own: nodes in a row, each of them with the sandbox's credential. */
export function inARow(
	{ credentials }: Pick<N8nWorld, 'credentials'>,
	name: string,
	nodes: Array<Pick<INode, 'name' | 'type' | 'typeVersion' | 'parameters'> & Partial<INode>>,
): WorkflowFile {
	return {
		name,
		nodes: nodes.map((node, index) => ({
			id: `node-${index}`,
			position: [index * 220, 0],
			...(node.type.startsWith(`${PACKAGE_NAME}.`)
				? { credentials: { replicateApi: credentials.replicateApi! } }
				: {}),
			...node,
		})) as INode[],
		connections: Object.fromEntries(
			nodes
				.slice(1)
				.map(({ name: next }, index) => [
					nodes[index]!.name,
					{ main: [[{ node: next, type: 'main', index: 0 }]] },
				]),
		) as WorkflowFile['connections'],
		settings: { executionOrder: 'v1', saveDataSuccessExecution: 'all' },
	};
}

/**
 * Calls a webhook of a workflow that was just switched on: n8n knows no such address until it listens,
 * and starts nothing before.
 */
export async function called(
	url: string,
	body: FormData | Blob | object,
	signal?: AbortSignal,
): Promise<Response> {
	const deadline = Date.now() + ACTIVATION_MS;
	// Both bring their type.
	const isWhole = body instanceof FormData || body instanceof Blob;
	for (;;) {
		const answer = await fetch(url, {
			method: 'POST',
			headers: isWhole ? {} : { 'content-type': 'application/json' },
			body: isWhole ? body : JSON.stringify(body),
			signal,
		});
		if (answer.status !== 404 || Date.now() > deadline) return answer;
		await sleep(200);
	}
}

/** Presses "Execute workflow", as the editor does, and waits for the end. */
export async function executed(
	session: Session,
	workflow: SavedWorkflow,
	trigger = 'When clicking ‘Execute workflow’',
): Promise<IRunExecutionData> {
	return (await ended(session, await started(session, workflow, trigger))).data;
}

/** Presses "Execute workflow", and gives the execution's ID. */
export async function started(
	session: Session,
	workflow: SavedWorkflow,
	trigger = 'When clicking ‘Execute workflow’',
): Promise<string> {
	const { executionId } = await session.request<{ executionId: string }>(
		'POST',
		`/workflows/${workflow.id}/run`,
		{ triggerToStartFrom: { name: trigger } },
	);
	return executionId;
}

/** Waits until something holds. */
export async function until(
	what: string,
	holds: () => boolean | Promise<boolean>,
	timeoutMs = 300_000,
): Promise<void> {
	const deadline = Date.now() + timeoutMs;
	while (!(await holds())) {
		if (Date.now() > deadline) throw new Error(`Not in ${timeoutMs} ms: ${what}`);
		await sleep(200);
	}
}

/** The states of an execution that has not ended. */
const UNDER_WAY = new Set(['new', 'running', 'waiting']);

/** Waits until an execution has ended, however it did. */
export async function ended(
	session: Session,
	executionId: string,
	timeoutMs = 120_000,
): ReturnType<Session['execution']> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		const status = await session.status(executionId);
		if (!UNDER_WAY.has(status)) return await session.execution(executionId);
		if (Date.now() > deadline)
			throw new Error(`Execution ${executionId} is ${status} after ${timeoutMs} ms`);
		await sleep(250);
	}
}

/** Waits until a workflow has a number of ended executions, and gives them, the newest first. */
export async function allEnded(session: Session, workflowId: string, count = 1) {
	const deadline = Date.now() + 120_000;
	for (;;) {
		const all = await session.executions(workflowId);
		if (all.length >= count && all.every(({ status }) => !UNDER_WAY.has(status)))
			return await Promise.all(all.map(async ({ id }) => await session.execution(id)));
		if (Date.now() > deadline) throw new Error(`Executions: ${JSON.stringify(all)}`);
		await sleep(250);
	}
}

/** What a node gave on one of its outputs when it last ran. */
export function given(data: IRunExecutionData, node: string, output = 0): INodeExecutionData[] {
	return data.resultData.runData[node]?.at(-1)?.data?.main?.[output] ?? [];
}
