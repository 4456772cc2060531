/** What this process does for an execution: now, and next for the callbacks that came meanwhile. */
interface Turns<T> {
	now: Promise<T>;
	next?: Promise<T>;
}

/**
 * Lets one callback of an execution be handled at a time. One that comes meanwhile may tell of an end
 * for which the current reading was too early, so it is never passed over: one more turn follows, for
 * all that came meanwhile.
 */
export class CallbackTurns<T> {
	private readonly turns = new Map<string, Turns<T>>();

	/** @param shared what a callback gets whose turn is another one's, or is not needed any more */
	constructor(private readonly shared: T) {}

	/** @param isLast whether no turn follows, because the execution continues */
	async take(key: string, turn: () => Promise<T>, isLast: (outcome: T) => boolean): Promise<T> {
		const current = this.turns.get(key);
		if (current?.next) return await current.next.then(() => this.shared);
		if (!current) return await this.begin(key, turn);
		current.next = current.now.then(
			async (outcome) => (isLast(outcome) ? this.shared : await this.begin(key, turn)),
			async () => await this.begin(key, turn),
		);
		return await current.next;
	}

	private async begin(key: string, turn: () => Promise<T>): Promise<T> {
		const turns: Turns<T> = { now: turn() };
		this.turns.set(key, turns);
		return await turns.now.finally(() => {
			if (this.turns.get(key) === turns) this.turns.delete(key);
		});
	}
}
