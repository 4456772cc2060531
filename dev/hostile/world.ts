import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeParameters } from 'n8n-workflow';
import { startEngine, type Engine } from '../engine/engine';
import { nodeType, PACKAGE_FOLDER } from '../packageName';
import { signedHeaders, type HostilePlan } from './plan';

/** What something cost this process. */
export interface Cost {
	/** The longest time in which the event loop did nothing else, in ms. */
	stallMs: number;
	/** In ms. */
	cpuMs: number;
	/** The most memory (RSS) beyond what was there before, in MB. */
	addedMb: number;
}

/** How often memory is looked at, and how finely stalls are told apart, in ms. */
const SAMPLE_MS = 5;

/** Measures what something costs this process while it runs. */
export async function costOf(run: () => Promise<unknown>): Promise<Cost> {
	globalThis.gc?.();
	const before = process.memoryUsage.rss();
	let max = before;
	const sampling = setInterval(() => (max = Math.max(max, process.memoryUsage.rss())), SAMPLE_MS);
	const delay = monitorEventLoopDelay({ resolution: 1 });
	await sleep(2 * SAMPLE_MS);
	delay.enable();
	// The first beat begins to be counted only with the second.
	await sleep(2 * SAMPLE_MS);
	const cpu = process.cpuUsage();
	await run();
	const { user, system } = process.cpuUsage(cpu);
	await sleep(2 * SAMPLE_MS);
	delay.disable();
	clearInterval(sampling);
	max = Math.max(max, process.memoryUsage.rss());
	return {
		stallMs: delay.max / 1e6,
		cpuMs: (user + system) / 1_000,
		addedMb: (max - before) / 1e6,
	};
}

const at = { typeVersion: 1, position: [0, 0] as [number, number] };
const credentials = { replicateApi: { id: '1', name: 'Hostile' } };

/** n8n's engine with the built node, whose API answers as it is told. */
export class HostileWorld {
	private readonly webhook: string;
	private calls = 0;
	/** Errors that nobody has handled. */
	readonly unhandled: unknown[] = [];

	private constructor(
		private readonly engine: Engine,
		private readonly api: ChildProcess,
	) {
		process.on('unhandledRejection', (reason) => this.unhandled.push(reason));
		const trigger = {
			...{ ...at, id: 't', name: 'Trigger', credentials, webhookId: 'hostile' },
			type: nodeType('replicateTrigger'),
			parameters: { statuses: ['succeeded'], downloadFiles: false },
		};
		this.webhook = engine.activate({ nodes: [trigger], connections: {} }).url;
	}

	static async open(): Promise<HostileWorld> {
		const api = fork(resolve(__dirname, 'apiProcess.ts'), { execArgv: ['--import', 'tsx'] });
		const [origin] = (await once(api, 'message')) as [string];
		const credential = { apiToken: 'r8_hostile', baseUrl: `${origin}/v1` };
		const engine = await startEngine({
			packageFolder: PACKAGE_FOLDER,
			binaryMode: 'filesystem',
			credential,
		});
		return new HostileWorld(engine, api);
	}

	/** Says what the API answers from now on. */
	async plan(plan: HostilePlan): Promise<void> {
		this.api.send(plan);
		await once(this.api, 'message');
	}

	/** Runs the model `a/b` for so many items. An item that fails is an item. */
	async run(items = 1, more: INodeParameters = {}, isStreaming = false): Promise<void> {
		const node = {
			...{ ...at, id: 'b', name: 'Replicate', credentials, type: nodeType('replicate') },
			onError: 'continueRegularOutput' as const,
			parameters: { model: { __rl: true, mode: 'name', value: 'a/b' }, inputJson: '{}', ...more },
		};
		const start = {
			...{ ...at, id: 'a', name: 'Start', parameters: {} },
			type: 'n8n-nodes-base.manualTrigger',
		};
		const connections = {
			Start: { main: [[{ node: 'Replicate', type: 'main' as const, index: 0 }]] },
		};
		const given = Array.from({ length: items }, () => ({ json: {} }));
		const onChunk = isStreaming ? () => undefined : undefined;
		await this.engine.start({ nodes: [start, node], connections }, given, onChunk).ended;
		this.engine.forgetEnded();
	}

	/**
	 * Calls the trigger as Replicate does, signed; or as who does not know its secret.
	 *
	 * @returns the status of its response
	 */
	async call(body: string, { isForged = false } = {}): Promise<number> {
		this.calls += 1;
		const headers = signedHeaders(`msg_${this.calls}`, isForged ? '{}' : body);
		const { status } = await fetch(this.webhook, { method: 'POST', headers, body });
		return status;
	}

	async stop(): Promise<void> {
		this.api.kill();
		await this.engine.stop();
	}
}
