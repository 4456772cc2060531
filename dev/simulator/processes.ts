import { createRequire } from 'node:module';
import type { INodeType } from 'n8n-workflow';
import type { VirtualTime } from './time';

const requireModule = createRequire(`${process.cwd()}/package.json`);

/** The nodes as one process of n8n has loaded them. */
interface Loaded {
	Replicate: new () => INodeType;
	ReplicateChatModel: new () => INodeType;
}

type Load = (
	module: { exports: Partial<Loaded> },
	exports: object,
	require: NodeJS.Require,
	signals: object,
	performance: object,
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
		code,
	) as unknown as Load;
}

/** A process of n8n: modules of its own, with all that they remember. It may be killed. */
export class Process {
	isDead = false;
	private readonly loaded: Loaded;

	constructor(
		readonly name: string,
		private readonly time: VirtualTime,
	) {
		const module = { exports: {} as Partial<Loaded> };
		const signals = {
			any: (all: AbortSignal[]) => AbortSignal.any(all),
			timeout: (ms: number) => this.timeout(ms),
		};
		const clock = { timeOrigin: 0, now: () => time.now() };
		load!(module, module.exports, requireModule, signals, clock);
		this.loaded = module.exports as Loaded;
	}

	readonly replicate = (): INodeType => new this.loaded.Replicate();

	readonly chatModel = (): INodeType => new this.loaded.ReplicateChatModel();

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
	private timeout(ms: number) {
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
