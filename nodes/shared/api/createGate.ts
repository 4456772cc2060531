import { now } from './clock';
import { sleep } from './sleep';

/** After a 429, the pause between two creates in ms, so that a reopened gate is not stormed. */
const SPACING_MS = 1_000;
/** How long creates stay spaced out after the last 429, in ms. */
const CAUTION_MS = 60_000;
/** The pause in ms when a 429 says nothing about how long to wait. */
const DEFAULT_PAUSE_MS = 5_000;

/**
 * Lets the creates of one node run pass, in order. Replicate's limit holds for the whole account,
 * so one 429 holds back all of them until its hint, and then they pass one a second.
 */
export class CreateGate {
	private opensAt = 0;
	private cautiousUntil = 0;
	private spacingMs = SPACING_MS;
	private lastInLine: Promise<void> = Promise.resolve();

	/**
	 * Resolves when the caller may send its create, or its deadline comes first: it waits no longer
	 * for a gate that opens too late. Rejects when `signal` is aborted.
	 *
	 * @param deadline a time in ms
	 * @returns whether it may be sent
	 */
	async enter(signal?: AbortSignal, deadline = Infinity): Promise<boolean> {
		const turn = this.lastInLine.then(async () => await this.waitUntilOpen(signal, deadline));
		this.lastInLine = turn.then(
			() => undefined,
			() => undefined,
		);
		return await turn;
	}

	/** Closes the gate for the time that a 429 asked for, in ms. */
	throttled(hintMs: number = DEFAULT_PAUSE_MS): void {
		this.opensAt = Math.max(this.opensAt, now() + hintMs);
		this.spacingMs = hintMs > 0 ? Math.min(SPACING_MS, hintMs) : SPACING_MS;
		this.cautiousUntil = this.opensAt + CAUTION_MS;
	}

	private async waitUntilOpen(signal: AbortSignal | undefined, deadline: number): Promise<boolean> {
		if (Math.max(this.opensAt, now()) > deadline) return false;
		for (let wait = this.opensAt - now(); wait > 0; wait = this.opensAt - now()) {
			await sleep(wait, signal);
		}
		if (now() < this.cautiousUntil) this.opensAt = now() + this.spacingMs;
		return true;
	}
}
