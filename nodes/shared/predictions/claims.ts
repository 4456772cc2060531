import equal from 'fast-deep-equal';
import { now as ourTime } from '../api/clock';
import type { InputObject } from '../api/json';
import type { RunTarget } from '../models/runKind';

/** A create whose response is not there yet, or never came. */
export interface OpenCreate {
	target: RunTarget;
	input: InputObject;
	/** Whose it is. */
	owner: string;
	/** `sent`: its response may still come. `lost`: it is being looked for. `unknown`: it was not found. */
	state: 'sent' | 'lost' | 'unknown';
	/** When it was sent, in ms. */
	from: number;
	/** When its response was lost, in ms. */
	to?: number;
}

/** How much later than its loss a create may come to be, in ms: a request may still be on its way. */
export const LATE_MS = 5_000;
/** How long a claim is kept, in ms; a window of creates is looked at for minutes. */
const KEPT_MS = 25 * 60 * 60 * 1_000;
/** How many claims are kept before the old ones are looked for. */
const MANY = 10_000;

const accounts = new Map<string, Claims>();

/**
 * Who of this process has created what in one account, across executions. A prediction of the list
 * belongs to nobody only if no execution has its id, and no other create could have made it.
 */
export class Claims {
	/** The claims of an account, which all its executions in this process share. */
	static of(account: string): Claims {
		const claims = accounts.get(account) ?? new Claims();
		accounts.set(account, claims);
		return claims;
	}

	private readonly ids = new Map<string, number>();
	private readonly open = new Map<string, OpenCreate>();

	/** @param now in ms */
	claim(id: string, now = ourTime()): void {
		if (this.ids.size >= MANY && !this.ids.has(id)) this.forget(now);
		this.ids.set(id, now);
	}

	has(id: string): boolean {
		return this.ids.has(id);
	}

	/** @param key of the create's record; a later try of the same create takes the earlier's place */
	opened(key: string, create: OpenCreate): void {
		this.open.set(key, create);
	}

	/** When a create was sent, in ms. */
	sentAt(key: string): number | undefined {
		return this.open.get(key)?.from;
	}

	/**
	 * Its response will not come any more.
	 *
	 * @returns when it was sent, in ms
	 */
	lost(key: string, to: number): number {
		const create = this.open.get(key);
		if (create) this.open.set(key, { ...create, state: 'lost', to });
		return create?.from ?? to;
	}

	/** It was looked for and not found: it may be there all the same. */
	unknown(key: string): void {
		const create = this.open.get(key);
		if (create) this.open.set(key, { ...create, state: 'unknown' });
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

	private forget(now: number): void {
		const isOld = (at: number) => now - at > KEPT_MS;
		for (const [id, at] of this.ids) if (isOld(at)) this.ids.delete(id);
		for (const [key, { to }] of this.open) if (to !== undefined && isOld(to)) this.open.delete(key);
	}
}

function overlaps(one: OpenCreate, other: OpenCreate): boolean {
	const end = ({ to = Infinity }: OpenCreate) => to + LATE_MS;
	return one.from <= end(other) && other.from <= end(one);
}

function isAlike(one: OpenCreate, other: OpenCreate): boolean {
	const { kind, version, deployment, trained } = one.target;
	const { target } = other;
	// The list names no destination, so trainings for two of them look alike.
	const isSameTarget =
		kind === target.kind &&
		version === target.version &&
		deployment === target.deployment &&
		trained === target.trained;
	return isSameTarget && equal(one.input, other.input);
}
