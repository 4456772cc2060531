import type { IDataObject } from 'n8n-workflow';
import { isPending } from '../../shared/predictions/status';
import type { JobRecord } from '../../shared/predictions/record';
import { usedBy } from '../../shared/predictions/used';
import { FORMAT, keptLedger, LEDGER_KEY, type Entry, type LedgerState } from './ledgerState';

/** A run of the node as it begins. */
export type Beginning = Pick<LedgerState, 'runIndex' | 'execution' | 'owner'>;

/** What is noted of a create before it is sent. */
type Intention = Pick<
	Entry,
	'key' | 'item' | 'fingerprint' | 'kind' | 'inputDigest' | 'uploadIds' | 'round'
>;

/**
 * The ledger of a run of the node as it begins, kept by n8n from here on.
 *
 * @throws ParameterError for one that another version of this package has kept
 */
export function openLedger(memory: IDataObject, beginning: Beginning): Ledger {
	const state = Ledger.begin(keptLedger(memory), beginning);
	memory[LEDGER_KEY] = state as unknown as IDataObject;
	return new Ledger(state);
}

/**
 * What a run of the node has created, item by item, and what became of it. Every rule about money
 * reads it, and nothing else keeps such knowledge. It works on plain JSON that n8n keeps, so that it
 * outlives a retry and a suspension.
 */
export class Ledger {
	/** The creates of each item, in their order: a run can have thousands of items. */
	private readonly byItem = new Map<number, Entry[]>();

	/** @param state plain JSON, which n8n keeps */
	constructor(readonly state: Readonly<LedgerState>) {
		for (const entry of state.entries) this.ofItem(entry.item).push(entry);
	}

	/** A new ledger, or that of an earlier try of the same run of the node. */
	static begin(kept: LedgerState | undefined, beginning: Beginning): LedgerState {
		const { runIndex, execution } = beginning;
		if (kept?.runIndex !== runIndex) return { format: FORMAT, ...beginning, tries: 1, entries: [] };
		kept.format = FORMAT;
		if (kept.execution === execution) kept.tries += 1;
		else Object.assign(kept, beginning, { tries: 1 });
		return kept;
	}

	/** The execution that it is for. */
	get execution(): string {
		return this.state.execution;
	}

	get tries(): number {
		return this.state.tries;
	}

	get entries(): readonly Entry[] {
		return this.state.entries;
	}

	/**
	 * Uploads of what is over, without those that anything else may still read: a create whose response
	 * was lost may arrive late.
	 */
	unusedUploads(isOver: (entry: Entry) => boolean): string[] {
		const idsOf = (entries: Entry[]) => entries.flatMap(({ uploadIds = [] }) => uploadIds);
		const inUse = new Set(idsOf(this.entries.filter((entry) => !isOver(entry))));
		const ids = new Set(idsOf(this.entries.filter(isOver)));
		return [...ids].filter((id) => !inUse.has(id));
	}

	/** Of all that certainly came to be. */
	get ids(): string[] {
		return this.entries.flatMap(({ id }) => id ?? []);
	}

	/**
	 * The last create for an item in an earlier try. In the same execution the item is the same, even
	 * where an expression with the time or a random number now gives another input; a later execution
	 * may have been given another workflow, so there the target, the input and the files must be equal.
	 */
	earlierFor(item: number, fingerprint: string): Entry | undefined {
		return this.ofItem(item).findLast(
			(entry) => entry.fingerprint === fingerprint || entry.execution === this.execution,
		);
	}

	/** The create whose result is, or will be, the item's. */
	of(item: number): Entry | undefined {
		return this.ofItem(item).at(-1);
	}

	/** All creates for an item, in their order. */
	allOf(item: number): readonly Entry[] {
		return this.byItem.get(item) ?? [];
	}

	/** How often a create was noted for an item. */
	countOf(item: number): number {
		return this.ofItem(item).length;
	}

	private ofItem(item: number): Entry[] {
		const known = this.byItem.get(item) ?? [];
		this.byItem.set(item, known);
		return known;
	}

	/** The record of a create that is about to be sent. */
	intend(intention: Intention): JobRecord {
		const { execution } = this;
		return this.record({ ...intention, execution, state: 'intended', from: 0 });
	}

	/** The record of an earlier try's create that this try takes up. */
	resume(entry: Entry): JobRecord {
		delete entry.outcome;
		return this.record(entry);
	}

	/** Writes down the steps of one create: a new one, or one that an earlier try has noted. */
	record(entry: Entry): JobRecord {
		const { entries } = this.state;
		const ofItem = this.ofItem(entry.item);
		const { key } = entry;
		return {
			key,
			owner: this.state.owner,
			intended(at, cancelAfterSeconds) {
				Object.assign(entry, { state: 'intended', from: at });
				if (cancelAfterSeconds !== undefined) Object.assign(entry, { cancelAfterSeconds });
				if (ofItem.includes(entry)) return;
				ofItem.push(entry);
				entries.push(entry);
			},
			refused() {
				if (!ofItem.includes(entry)) return;
				ofItem.splice(ofItem.indexOf(entry), 1);
				entries.splice(entries.indexOf(entry), 1);
			},
			is({ id, status, created_at: createdAt, completed_at: completedAt, metrics }) {
				const state = isPending({ status }) ? 'created' : 'ended';
				const used = state === 'ended' ? usedBy({ metrics }) : undefined;
				Object.assign(entry, { state, id, status, ...(used ? { used } : {}) });
				if (createdAt) entry.createdAt = createdAt;
				if (completedAt) entry.completedAt = completedAt;
			},
			lost(at, candidates) {
				const possibleIds = candidates.map(({ id }) => id);
				Object.assign(entry, { state: 'unknown', to: at, possibleIds });
			},
			became(outcome) {
				entry.outcome = outcome;
			},
		};
	}
}
