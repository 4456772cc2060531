import { setTimeout as sleep } from 'node:timers/promises';
export type { SandboxPrediction } from './run';
import { unstarted, type NewPrediction, type SandboxPrediction } from './run';
import { listedJson, runJson, type ShownOptions } from './runJson';
import { live, type Surroundings } from './runLife';

/** How long the machines of a cold model take to start, in ms, unless the options say otherwise. */
export const DEFAULT_BOOT_MS = 20;

/** How cancels behave; what Replicate does with those of ended predictions is documented nowhere. */
export interface CancelOptions {
	/** The status that refuses the cancel of a run that has ended; else it is returned as it is. */
	refuseEndedWith?: number;
	/** How long a run goes on after its cancel was accepted, in ms. */
	lateMs?: number;
}

/** All predictions of the sandbox, or all trainings, and their lives. */
export class Predictions {
	/** How long a create takes to be answered, in ms; tests make some slow. */
	createDelayMs: (input: Record<string, unknown>) => number = () => 0;
	/** Both may be changed at any time. */
	shown: ShownOptions = {};
	cancels: CancelOptions = {};
	/** Oldest first. */
	readonly all: SandboxPrediction[] = [];
	private readonly byId = new Map<string, SandboxPrediction>();

	constructor(
		private readonly around: Surroundings,
		/** Starts a prediction's machine; tests hold it up. */
		public boot: (signal: AbortSignal) => Promise<unknown>,
		/** Where the API has them. */
		private readonly path: 'predictions' | 'trainings' = 'predictions',
	) {}

	create({ effective, cancelAfterMs, ...asked }: NewPrediction): SandboxPrediction {
		const now = this.around.now();
		const run = unstarted(asked, now);
		if (cancelAfterMs !== undefined) run.deadline = now + cancelAfterMs;
		run.ended = live(run, this.around, { effective, cancelAfterMs, boot: this.boot });
		this.add(run);
		return run;
	}

	/** Adds runs that ended long ago, cheaply: what else an account has in its list. */
	addEnded(
		count: number,
		{ from, until, ...asked }: Omit<NewPrediction, 'effective'> & { from: number; until: number },
	): void {
		for (let n = 0; n < count; n++) {
			const at = from + ((until - from) * n) / count;
			this.add({ ...unstarted(asked, at), status: 'succeeded', startedAt: at, completedAt: at });
		}
		this.all.sort((one, other) => one.createdAt - other.createdAt);
	}

	/** A run of an account, also one that cannot be seen yet. */
	get(id: string, owner: string): SandboxPrediction | undefined {
		const found = this.byId.get(id);
		return found?.owner === owner ? found : undefined;
	}

	/** A run that can be read by its id. */
	visible(id: string, owner: string): SandboxPrediction | undefined {
		const found = this.get(id, owner);
		return found && this.isOlder(found, this.shown.getLateMs) ? found : undefined;
	}

	/** An account's list, newest first. */
	list(owner: string): SandboxPrediction[] {
		const { listLateMs } = this.shown;
		return this.all.filter((one) => one.owner === owner && this.isOlder(one, listLateMs)).reverse();
	}

	/** Cancels as asked by the API. A run that has ended stays as it is. */
	cancel(run: SandboxPrediction): void {
		const { lateMs } = this.cancels;
		if (lateMs === undefined) run.cancel();
		else void sleep(lateMs, undefined, { ref: false }).then(() => run.cancel());
	}

	/** Removes input, output, logs and output files, as Replicate does an hour after the end. */
	removeData(id: string): void {
		const run = this.byId.get(id);
		if (!run) throw new Error(`There is no run ${id}`);
		const addresses = JSON.stringify(run.output ?? null).match(/https?:\/\/[^"\\\s]+/g) ?? [];
		for (const address of addresses) {
			this.around.delivery.remove(address);
			this.around.outputFiles.remove(address);
		}
		run.dataRemoved = true;
	}

	/** Forgets all runs. */
	forget(): void {
		this.all.length = 0;
		this.byId.clear();
	}

	/** The run as the API shows it by its id. */
	toJson(run: SandboxPrediction, baseUrl: string): Record<string, unknown> {
		return runJson(this.expired(run), { baseUrl, path: this.path }, this.shown);
	}

	/** The run as an entry of a list. */
	toListed(run: SandboxPrediction, baseUrl: string): Record<string, unknown> {
		return listedJson(this.expired(run), { baseUrl, path: this.path }, this.shown);
	}

	private expired(run: SandboxPrediction): SandboxPrediction {
		const { completedAt } = run;
		if (completedAt !== undefined && this.around.retention.isOver(completedAt)) {
			run.dataRemoved = true;
		}
		return run;
	}

	private isOlder(run: SandboxPrediction, lateMs?: (run: SandboxPrediction) => number): boolean {
		return lateMs === undefined || this.around.now() >= run.createdAt + lateMs(run);
	}

	private add(run: SandboxPrediction): void {
		this.all.push(run);
		this.byId.set(run.id, run);
	}
}
