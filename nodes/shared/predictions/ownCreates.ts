import equal from 'fast-deep-equal';
import type { LostCreate } from './find';

/**
 * What one node run knows of its own creates, so that a prediction found in the account's list can
 * be told to be the run's own: which ids were answered, and which creates still have no answer.
 */
export class OwnCreates {
	/** Ids of the predictions that belong to this run. */
	readonly ids = new Set<string>();
	private readonly open = new Map<LostCreate, 'sent' | 'lost'>();

	sent(create: LostCreate): void {
		this.open.set(create, 'sent');
	}

	/** Its connection broke, so no answer will come. */
	lost(create: LostCreate): void {
		this.open.set(create, 'lost');
	}

	/** Its answer, or its error, is there. */
	settled(create: LostCreate): void {
		this.open.delete(create);
	}

	/** How many open creates the list could not tell from this one; itself counts. */
	alike(create: LostCreate, state?: 'sent' | 'lost'): number {
		const { run, input } = create;
		return [...this.open].filter(
			([other, is]) =>
				(state === undefined || is === state) && equal(other.run, run) && equal(other.input, input),
		).length;
	}
}
