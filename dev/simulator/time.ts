interface Timer {
	at: number;
	order: number;
	fire?: () => void;
}

/** When every history begins, in ms since 1970. */
const BEGINNING = Date.parse('2026-11-01T00:00:00Z');

/** A clock that runs only while nothing else can go on, so that hours take no time. In ms. */
export class VirtualTime {
	private time = BEGINNING;
	private order = 0;
	/** A binary heap: the next one first. */
	private readonly timers: Timer[] = [];

	now(): number {
		return this.time;
	}

	/** Calls back after `ms`. @returns takes it back */
	after(ms: number, callback: () => void): () => void {
		const timer: Timer = { at: this.time + Math.max(ms, 0), order: this.order++, fire: callback };
		this.push(timer);
		return () => {
			timer.fire = undefined;
		};
	}

	/** @throws the signal's reason when it is aborted */
	async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		signal?.throwIfAborted();
		await new Promise<void>((resolve, reject) => {
			const take = this.after(ms, () => {
				signal?.removeEventListener('abort', stop);
				resolve();
			});
			const stop = () => {
				take();
				reject(signal!.reason as Error);
			};
			signal?.addEventListener('abort', stop, { once: true });
		});
	}

	/**
	 * Lets time pass until nothing is due any more.
	 *
	 * @param until a time in ms that is not passed
	 */
	async run(until = Infinity): Promise<void> {
		for (;;) {
			await rest();
			const next = this.pop();
			if (!next) return;
			if (next.at > until) throw new Error('It never comes to rest');
			this.time = Math.max(this.time, next.at);
			next.fire!();
		}
	}

	private push(timer: Timer): void {
		const { timers } = this;
		let at = timers.push(timer) - 1;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			if (!isBefore(timer, timers[parent]!)) break;
			timers[at] = timers[parent]!;
			at = parent;
		}
		timers[at] = timer;
	}

	/** The next timer that was not taken back. */
	private pop(): Timer | undefined {
		for (;;) {
			const { timers } = this;
			const first = timers[0];
			const last = timers.pop();
			if (!first || !last) return undefined;
			if (timers.length > 0) this.sink(last);
			if (first.fire) return first;
		}
	}

	private sink(timer: Timer): void {
		const { timers } = this;
		let at = 0;
		for (;;) {
			let child = 2 * at + 1;
			if (child >= timers.length) break;
			if (child + 1 < timers.length && isBefore(timers[child + 1]!, timers[child]!)) child++;
			if (!isBefore(timers[child]!, timer)) break;
			timers[at] = timers[child]!;
			at = child;
		}
		timers[at] = timer;
	}
}

function isBefore(one: Timer, other: Timer): boolean {
	return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** Until all that can go on without time has gone on. */
async function rest(): Promise<void> {
	await new Promise<void>((resolve) => setImmediate(resolve));
}
