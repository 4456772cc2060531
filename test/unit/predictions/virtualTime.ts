import { StoppedError } from '../../../nodes/shared/api/errors';

interface Sleeper {
	at: number;
	order: number;
	wake(): void;
}

/** A clock that runs only while all that use it are asleep, so that minutes take no time. */
export class VirtualTime {
	private time = 1_000_000_000_000;
	private order = 0;
	private readonly sleepers = new Set<Sleeper>();

	now(): number {
		return this.time;
	}

	/** @throws StoppedError when the signal is aborted */
	async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		if (signal?.aborted) throw new StoppedError(signal);
		await new Promise<void>((resolve, reject) => {
			const stop = () => {
				this.sleepers.delete(sleeper);
				reject(new StoppedError(signal));
			};
			const wake = () => {
				signal?.removeEventListener('abort', stop);
				resolve();
			};
			const sleeper = { at: this.time + ms, order: this.order++, wake };
			this.sleepers.add(sleeper);
			signal?.addEventListener('abort', stop, { once: true });
		});
	}

	/** Lets time pass until nobody sleeps any more. */
	async run(): Promise<void> {
		for (;;) {
			await rest();
			const [next] = [...this.sleepers].sort(
				(one, other) => one.at - other.at || one.order - other.order,
			);
			if (!next) return;
			this.sleepers.delete(next);
			this.time = Math.max(this.time, next.at);
			next.wake();
		}
	}
}

/** Until all that can go on without time has gone on. */
async function rest(): Promise<void> {
	await new Promise<void>((resolve) => setImmediate(resolve));
}
