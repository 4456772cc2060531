import equal from 'fast-deep-equal';
import type { LostCreate } from './find';

/**
 * What one node run knows of its own creates, so that a prediction found in the account's list can
 * be recognised as the run's own: the ids that it has, and the creates that still have no response.
 */
export class OwnCreates {
	/** Ids of the predictions that belong to this run. */
	readonly ids = new Set<string>();
	private readonly open = new Map<LostCreate, 'sent' | 'lost'>();

	sent(create: LostCreate): void {
		this.open.set(create, 'sent');
	}

	/** Its connection broke, so no response will come. */
	lost(create: LostCreate): void {
		this.open.set(create, 'lost');
	}

	/** Its response, or its error, is there. */
	settled(create: LostCreate): void {
		this.open.delete(create);
	}

	/** How many open creates are equal to this one, which counts as well. */
	alike(create: LostCreate, state?: 'sent' | 'lost'): number {
		const { run, input } = create;
		return [...this.open].filter(
			([other, is]) =>
				(state === undefined || is === state) && equal(other.run, run) && equal(other.input, input),
		).length;
	}
}
