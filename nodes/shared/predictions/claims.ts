import equal from 'fast-deep-equal';
import { now as ourTime } from '../api/clock';
import type { JsonObject } from '../api/json';
import type { JobTarget } from '../models/jobKind';

/** A create whose response is not there yet, or never came. */
export interface OpenCreate {
	target: JobTarget;
	/** As much of its input as the list shows for certain. */
	shown: JsonObject;
	/** Of its whole input, where the list shows it as a whole. */
	digest?: string;
	/** Whose it is. */
	owner: string;
	/** `sent`: its response may still come. `lost`: it is being looked for. `unknown`: it was not found. */
	state: 'sent' | 'lost' | 'unknown';
	/** When it was sent, in ms. */
	from: number;
	/** When its response was lost, in ms. */
	to?: number;
	/** After how many seconds Replicate was asked to cancel it. */
	cancelAfterSeconds?: number;
}

/** How long after its loss a create that comes to be is still taken for it, in ms. */
export const LATE_MS = 5_000;
/** How long after its loss a create may still come to be, in ms: a proxy may hold it for minutes. */
export const VERY_LATE_MS = 300_000;
/** How long a claim is kept, in ms: much longer than the executions of one time overlap. */
const KEPT_MS = 26 * 60 * 60 * 1_000;
/** A create without response is forgotten before the ids of its time are, in ms. */
const OPEN_KEPT_MS = 24 * 60 * 60 * 1_000;

/**
 * Who of this process has created what, across executions. A prediction of the list belongs to nobody
 * only if no execution has its id, and no other create could have made it. Accounts are not told apart:
 * two tokens, and two base URLs, can be of one account.
 */
export class Claims {
	/** What all executions of this process share. */
	static readonly ofProcess = new Claims();

	/** When each was claimed, in ms; the latest last. */
	private readonly ids = new Map<string, number>();
	private readonly open = new Map<string, OpenCreate>();

	/** @param now in ms */
	claim(id: string, now = ourTime()): void {
		this.ids.delete(id);
		this.ids.set(id, now);
		for (const [old, at] of this.ids) {
			if (now - at <= KEPT_MS) break;
			this.ids.delete(old);
		}
	}

	/** What a ledger has an id of belongs to its run, also after a restart of n8n. */
	claimAll(ids: string[]): void {
		for (const id of ids) this.claim(id);
	}

	has(id: string): boolean {
		return this.ids.has(id);
	}

	/** @param key of the create's record; when it is sent again, it takes its own place */
	opened(key: string, create: OpenCreate): void {
		this.open.delete(key);
		this.open.set(key, create);
		for (const [old, { from }] of this.open) {
			if (create.from - from <= OPEN_KEPT_MS) break;
			this.open.delete(old);
		}
	}

	/** The create of this key, where this process has sent it and does not know what became of it. */
	openCreate(key: string): OpenCreate | undefined {
		return this.open.get(key);
	}

	/** Its response will not come any more, since this time in ms. */
	lost(key: string, to: number): void {
		const create = this.open.get(key);
		if (create) Object.assign(create, { state: 'lost', to });
	}

	/** It was looked for and not found: it may be there all the same. */
	unknown(key: string): void {
		const create = this.open.get(key);
		if (create) create.state = 'unknown';
	}

	/** Its response is there, or its prediction was found. */
	settled(key: string): void {
		this.open.delete(key);
	}

	/** Other open creates whose predictions the list could not tell from this one's. */
	rivals(key: string): OpenCreate[] {
		const own = this.open.get(key);
		if (!own) return [];
		return [...this.open].flatMap(([otherKey, other]) =>
			otherKey !== key && overlaps(own, other) && isAlike(own, other) ? [other] : [],
		);
	}
}

/** Whether creates run the very same, so that each may take what the other has made. */
export function areEqual(one: OpenCreate, other: OpenCreate): boolean {
	const { kind, version, deployment, trained, destination } = one.target;
	return (
		one.digest !== undefined &&
		one.digest === other.digest &&
		kind === other.target.kind &&
		version === other.target.version &&
		deployment === other.target.deployment &&
		trained === other.target.trained &&
		destination === other.target.destination
	);
}

function overlaps(one: OpenCreate, other: OpenCreate): boolean {
	const end = ({ to = Infinity }: OpenCreate) => to + VERY_LATE_MS;
	return one.from <= end(other) && other.from <= end(one);
}

/**
 * Whether the list could show the one as it shows the other. It may name no deployment, names no
 * destination of a training, and shows a version of an official model under the model's name.
 */
function isAlike({ target, shown }: OpenCreate, other: OpenCreate): boolean {
	const isName = (version: string) => version.includes('/');
	const { version } = target;
	const { kind, version: otherVersion } = other.target;
	const mayRunSame = version === otherVersion || isName(version) !== isName(otherVersion);
	return target.kind.path === kind.path && mayRunSame && equal(shown, other.shown);
}
