import type { IDataObject } from 'n8n-workflow';
import type { ErrorNote } from '../../host/outcome';
import { kindNamed } from '../../shared/models/jobKind';
import type { Ledger } from './ledger';
import type { Entry } from './ledgerState';

/** How many ids of each state an error names in words; its context has all. */
const MAX_NAMED = 10;

/** What became of a created run. */
interface Fate {
	/** As the error's context names it. */
	name: string;
	is(entry: Entry): boolean;
	/** After "Other predictions". */
	words: string;
	/** What to do, with the resource's name in the panel. */
	advice?(resource: string): string;
}

const SUCCEEDED = 'succeeded';
const UNKNOWN: Pick<Fate, 'name'> = { name: 'unknown' };

/** In the order in which they matter to whoever reads the error; the first that fits counts. */
const FATES: Fate[] = [
	{
		name: SUCCEEDED,
		is: ({ state, status }) => state === 'ended' && status === 'succeeded',
		words: 'have succeeded',
		advice: (resource) => `get them with ${resource} → Get within an hour`,
	},
	{
		name: 'cancelUnconfirmed',
		is: ({ state, outcome }) => state === 'created' && outcome === 'cancelUnconfirmed',
		words: 'may still be running, because Replicate did not confirm the cancellation',
		advice: (resource) => `look at them with ${resource} → Get`,
	},
	{
		name: 'running',
		is: ({ state }) => state === 'created',
		words: 'were left running',
		advice: (resource) => `get them later with ${resource} → Get`,
	},
	{
		name: 'cancelled',
		is: ({ state, status }) => state === 'ended' && (status === 'canceled' || status === 'aborted'),
		words: 'were cancelled',
	},
	{
		name: 'failed',
		is: ({ state }) => state === 'ended',
		words: 'have failed',
	},
];

/**
 * Names everything that a run of the node has created, with its true state: in words what the error
 * does not name already, and all of it as data.
 *
 * @param named      what the error itself says
 * @param failedItem whose error it is, where that says that its create is unknown
 * @param canRetry   whether n8n keeps the execution, so that a retry of it takes up what has succeeded
 */
export function reportOf(
	ledger: Ledger,
	named: string,
	failedItem?: number,
	canRetry = false,
): ErrorNote {
	const others = ledger.entries.filter(({ id }) => id === undefined || !named.includes(id));
	const sentences = ['Prediction', 'Training'].flatMap((resource) => {
		const ofResource = others.filter((entry) => resourceOf(entry) === resource);
		return FATES.flatMap((fate) =>
			sentenceOf(
				resource,
				fate,
				ofResource.filter((entry) => fateOf(entry) === fate),
				canRetry,
			),
		);
	});
	const cause = failedItem === undefined ? undefined : ledger.of(failedItem);
	const unknown = ledger.entries.filter(
		(entry) => entry !== cause && fateOf(entry) === UNKNOWN,
	).length;
	if (unknown > 0) {
		const whether = unknown === 1 ? 'it was' : 'they were';
		sentences.push(
			`For ${unknown} more, it is not known whether ${whether} created; look at replicate.com/predictions.`,
		);
	}
	if (others.some(({ status }) => status === 'succeeded')) {
		sentences.push('To keep such results, set the node’s On Error to Continue.');
	}
	const created = ledger.entries.map(asJson);
	return { text: sentences.join(' '), context: created.length > 0 ? { created } : {} };
}

/** A create's state in one word, as the error's context has it. */
export function stateOf(entry: Entry): string {
	return fateOf(entry).name;
}

function fateOf(entry: Entry): Fate | typeof UNKNOWN {
	return (entry.id !== undefined && FATES.find(({ is }) => is(entry))) || UNKNOWN;
}

function sentenceOf(
	resource: string,
	{ name, words, advice }: Fate,
	entries: Entry[],
	canRetry: boolean,
): string[] {
	if (entries.length === 0) return [];
	const ids = entries.map(({ id }) => id);
	const listed = ids.slice(0, MAX_NAMED).join(', ');
	const more = ids.length > MAX_NAMED ? ` and ${ids.length - MAX_NAMED} more` : '';
	if (canRetry && name === SUCCEEDED)
		return [`${retryWords(resource, ids.length)}: ${listed}${more}.`];
	const what = advice ? `${words}; ${advice(resource)}` : words;
	return [`Other ${resource.toLowerCase()}s ${what}: ${listed}${more}.`];
}

/** What is paid for already: a retry collects it. Replicate keeps a prediction's output for an hour. */
function retryWords(resource: string, count: number): string {
	const within = resource === 'Prediction' ? ' within an hour' : '';
	const which = count === 1 ? 'the one that has' : `the ${count} that have`;
	const is = count === 1 ? 'is' : 'are';
	return `Retry this execution${within}: ${which} succeeded ${is} not paid for again`;
}

/** One create for the error's context. */
function asJson(entry: Entry): IDataObject {
	const { item, id, status, possibleIds = [] } = entry;
	return {
		item,
		resource: resourceOf(entry).toLowerCase(),
		...(id === undefined ? {} : { id }),
		state: stateOf(entry),
		...(status === undefined ? {} : { status }),
		...(possibleIds.length > 0 ? { possibleIds } : {}),
	};
}

function resourceOf({ kind }: Entry): 'Prediction' | 'Training' {
	return kindNamed(kind).noun === 'training' ? 'Training' : 'Prediction';
}
