import { kindNamed } from '../shared/models/runKind';
import type { Entry, Ledger } from './ledger';

/** How many ids of each state an error names; its context has all. */
const MOST_NAMED = 10;

/** What became of a created run, in the words of the error that names it. */
interface Fate {
	is(entry: Entry): boolean;
	/** After "Predictions of other items". */
	words: string;
	/** What to do, with the resource's name in the panel. */
	advice?(resource: string): string;
}

/** In the order in which they matter to whoever reads the error; the first that fits counts. */
const FATES: Fate[] = [
	{
		is: ({ state, status }) => state === 'ended' && status === 'succeeded',
		words: 'were finished',
		advice: (resource) => `get them with ${resource} → Get within an hour`,
	},
	{
		is: ({ state, outcome }) => state === 'created' && outcome === 'cancelUnconfirmed',
		words: 'may still be running, because Replicate did not confirm the cancellation',
	},
	{
		is: ({ state, outcome, status }) =>
			outcome === 'cancelled' ||
			(state === 'ended' && (status === 'canceled' || status === 'aborted')),
		words: 'were cancelled',
	},
	{
		is: ({ state }) => state === 'created',
		words: 'are still running',
		advice: (resource) => `get them later with ${resource} → Get`,
	},
	{
		is: ({ state }) => state === 'ended',
		words: 'have failed',
	},
];

/**
 * Names everything that a run of the node has created beside the item whose error ends it, with its
 * true state; empty when there is nothing else.
 */
export function accountOf(ledger: Ledger, failedItem: number): string {
	const cause = ledger.of(failedItem);
	const others = ledger.entries.filter((entry) => entry !== cause);
	const sentences = ['Prediction', 'Training'].flatMap((resource) => {
		const ofResource = others.filter((entry) => resourceOf(entry) === resource);
		return FATES.flatMap((fate) => sentenceOf(resource, fate, ofResource.filter(isFirst(fate))));
	});
	const unknown = others.filter(({ state }) => state === 'intended' || state === 'unknown').length;
	if (unknown > 0) {
		sentences.push(
			`Of ${unknown} more it is not known whether they were created; look at replicate.com/predictions.`,
		);
	}
	if (others.some(({ status }) => status === 'succeeded')) {
		sentences.push('To keep such results, set the node’s On Error to Continue.');
	}
	return sentences.join(' ');
}

function isFirst(fate: Fate): (entry: Entry) => boolean {
	return (entry) => FATES.find(({ is }) => is(entry)) === fate;
}

function sentenceOf(resource: string, { words, advice }: Fate, entries: Entry[]): string[] {
	if (entries.length === 0) return [];
	const ids = entries.map(({ id }) => id);
	const listed = ids.slice(0, MOST_NAMED).join(', ');
	const more = ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : '';
	const what = advice ? `${words}; ${advice(resource)}` : words;
	return [`${resource}s of other items ${what}: ${listed}${more}.`];
}

function resourceOf({ kind }: Entry): string {
	return kindNamed(kind).noun === 'training' ? 'Training' : 'Prediction';
}
