import { createRequire } from 'node:module';
import type { INodeType } from 'n8n-workflow';
import { FORGETTING } from './forgetting';
import { stage } from './stage';
import * as crypto from './standIns/crypto';
import type { VirtualTime } from './time';

const requireOther = createRequire(`${process.cwd()}/package.json`);
/** What the nodes load: what is random there is the same in each play of a history. */
const requireModule = (name: string): unknown =>
	name === 'node:crypto' ? crypto : requireOther(name);

/** The nodes as one process of n8n has loaded them. */
interface Loaded {
	Replicate: new () => INodeType;
	ReplicateChatModel: new () => INodeType;
}

type Load = (
	module: { exports: Partial<Loaded> },
	exports: object,
	require: (name: string) => unknown,
	signals: object,
	performance: object,
	forgetting: Array<() => void>,
) => void;

let load: Load | undefined;

/** @param code of the nodes, which each process loads anew */
export function readNodes(code: string): void {
	// It sees its own timers and clock in the place of Node's.
	load = new Function(
		'module',
		'exports',
		'require',
		'AbortSignal',
		'performance',
		FORGETTING,
		code,
	) as unknown as Load;
	loads.length = 0;
}

/** The nodes as they were loaded once. */
interface OneLoad {
	loaded: Loaded;
	/** Makes its modules forget all that they remember. */
	forget: Array<() => void>;
	/** Whose it is. */
	process: Process;
}

/**
 * The processes of one history each have a load of their own; the next history takes them again when
 * they have forgotten everything, because code that was just loaded is slow.
 */
const loads: OneLoad[] = [];

function takeLoad(process: Process): Loaded {
	const at = stage.processes++;
	const known = loads[at];
	if (!known) {
		// What modules draw when they are loaded is no part of the history.
		const { ids } = stage;
		loads[at] = loadNodes(process);
		stage.ids = ids;
		return loads[at].loaded;
	}
	for (const forget of known.forget) forget();
	known.process = process;
	return known.loaded;
}

function loadNodes(process: Process): OneLoad {
	const module = { exports: {} as Partial<Loaded> };
	const one: OneLoad = { loaded: module.exports as Loaded, forget: [], process };
	const signals = {
		any: (all: AbortSignal[]) => AbortSignal.any(all),
		timeout: (ms: number) => one.process.timeout(ms),
	};
	const clock = { timeOrigin: 0, now: () => one.process.now() };
	load!(module, module.exports, requireModule, signals, clock, one.forget);
	one.loaded = module.exports as Loaded;
	return one;
}

/** A process of n8n: modules of its own, with all that they remember. It may be killed. */
export class Process {
	isDead = false;
	private readonly loaded: Loaded;

	constructor(
		readonly name: string,
		private readonly time: VirtualTime,
	) {
		this.loaded = takeLoad(this);
	}

	readonly replicate = (): INodeType => new this.loaded.Replicate();

	readonly chatModel = (): INodeType => new this.loaded.ReplicateChatModel();

	readonly now = (): number => this.time.now();

	/** Waits for something from outside; a killed process never gets it. */
	async get<T>(coming: Promise<T>): Promise<T> {
		const settled = await coming.then(
			(value) => ({ value }),
			(error: unknown) => ({ error }),
		);
		if (this.isDead) await new Promise<never>(() => undefined);
		if ('error' in settled) throw settled.error;
		return settled.value;
	}

	/** As much of a signal as a timer of the package listens to. */
	timeout(ms: number) {
		let take: (() => void) | undefined;
		return {
			addEventListener: (_type: string, callback: () => void) => {
				take = this.time.after(ms, () => {
					if (!this.isDead) callback();
				});
			},
			removeEventListener: () => take?.(),
		};
	}
}
