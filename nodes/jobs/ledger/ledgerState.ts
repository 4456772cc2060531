import { ParameterError } from '../../fields/parameterError';
import { isNested } from '../../shared/api/json';
import { isKindName, type JobKind } from '../../shared/models/jobKind';
import type { JobOutcome } from '../../shared/predictions/record';
import type { Used } from '../../shared/predictions/used';

/** How this version writes what n8n keeps. To be raised when an older version could not read it. */
export const FORMAT = 1;

/** What a run of the node has created for one item, and what became of it; plain JSON. */
export interface Entry {
	key: string;
	item: number;
	/** The execution that created it, which Replicate calls back. */
	execution: string;
	/** What was to run: target, input, and files by their content. */
	fingerprint: string;
	kind: JobKind['name'];
	/**
	 * `intended`: the create is about to be sent. `created`: it has an id. `ended`: it has a last
	 * status. `unknown`: its response was lost, and nobody knows whether it came to be.
	 */
	state: 'intended' | 'created' | 'ended' | 'unknown';
	/** When the create was sent and, where its response was lost, when; in ms. */
	from: number;
	to?: number;
	id?: string;
	status?: string;
	/** By Replicate's clock. */
	createdAt?: string;
	completedAt?: string;
	outcome?: JobOutcome;
	/** What it used, where it has ended and its metrics say so. */
	used?: Used;
	/** Of the input that was sent, where the list can show all of it. */
	inputDigest?: string;
	/** After how many seconds Replicate was asked to cancel it, which its list shows as `deadline`. */
	cancelAfterSeconds?: number;
	/** Uploads that it reads, to be removed when it has ended. */
	uploadIds?: string[];
	/** The ids that an unknown one may have. */
	possibleIds?: string[];
	/** In which round of questions a chat model was asked, see `Answers`. */
	round?: number;
	/** Whether it may be an answer that did not serve, so that another one was asked for. */
	isPassedOver?: boolean;
}

/** An entry that has an id. */
export type CreatedEntry = Entry & { id: string };

export function isCreated(entry: Entry | undefined): entry is CreatedEntry {
	return entry?.id !== undefined;
}

/** Whether a create has ended for certain, so that it reads no file any more. */
export function isOver({ state, outcome }: Entry): boolean {
	return state === 'ended' || outcome === 'cancelled';
}

/** What n8n keeps of a ledger with an execution; plain JSON. */
export interface LedgerState {
	/** Of this data; what 0.1 kept had none. */
	format?: number;
	/** How often the node had run before in this execution, as in a loop. */
	runIndex: number;
	/** Another one when the run is retried by hand. */
	execution: string;
	/** Tells the creates of this run, in all its tries, from those of others. */
	owner: string;
	/** How often this execution has begun the run: more than once with Retry On Fail. */
	tries: number;
	entries: Entry[];
}

/** The key of the ledger in what n8n keeps for the node. */
export const LEDGER_KEY = 'ledger';

/**
 * The ledger that n8n has kept for the node, if any.
 *
 * @throws ParameterError for one that this version cannot read: a retry would create all again
 */
export function keptLedger(memory: unknown): LedgerState | undefined {
	const kept = isNested(memory) ? memory[LEDGER_KEY] : undefined;
	if (kept === undefined || kept === null || isLedgerState(kept)) return kept ?? undefined;
	throw new ParameterError(
		`The last try of this node was made by another version of this package${formatOf(kept)}, and what it has created cannot be read`,
		'Nothing more was created. Install that version again for this execution, or start the workflow anew instead of retrying it. What the last try has created is listed at replicate.com/predictions.',
	);
}

/** Whether this is a ledger that this version can go on with. */
export function isLedgerState(kept: unknown): kept is LedgerState {
	if (!isNested(kept)) return false;
	const { format = FORMAT, runIndex, execution, owner, tries, entries } = kept;
	return (
		format === FORMAT &&
		typeof runIndex === 'number' &&
		typeof execution === 'string' &&
		typeof owner === 'string' &&
		typeof tries === 'number' &&
		Array.isArray(entries) &&
		entries.every(isEntry)
	);
}

/** By hand, because a callback reads thousands of them. */
function isEntry(kept: unknown): kept is Entry {
	if (!isNested(kept)) return false;
	const { key, item, execution, fingerprint, kind, state, from, id } = kept;
	return (
		typeof key === 'string' &&
		typeof item === 'number' &&
		typeof execution === 'string' &&
		typeof fingerprint === 'string' &&
		isKindName(kind) &&
		STATES.has(state) &&
		typeof from === 'number' &&
		(typeof id === 'string' || (id === undefined && state !== 'created' && state !== 'ended'))
	);
}

const STATES: ReadonlySet<unknown> = new Set<Entry['state']>([
	'intended',
	'created',
	'ended',
	'unknown',
]);

/** The format that something kept names, in words. */
export function formatOf(kept: unknown): string {
	const format = isNested(kept) ? kept.format : undefined;
	return typeof format === 'number' ? ` (format ${format})` : '';
}
