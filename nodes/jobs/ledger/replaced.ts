import type { IDataObject } from 'n8n-workflow';
import type { Ledger } from './ledger';
import { stateOf } from './report';

/** A job that a later one took the place of; without an ID where nobody knows whether it came to be. */
type Replaced = { predictionId: string | null; state: string; possibleIds?: string[] };

/** The name under which an item has them. */
export const REPLACED_KEY = 'replacedPredictions';
/** How many IDs a hint names; the items have all. */
const MAX_NAMED = 10;

/**
 * What was created for an item and is neither its result nor named in it otherwise: an earlier try's
 * prediction that failed, or was cancelled, so that a later try created another one.
 *
 * @param isNamed       whether the item says an ID already
 * @param isUnknownSaid whether it says that it is not known what became of a create
 */
export function replacedIn(
	ledger: Ledger,
	item: number,
	isNamed: (id: string) => boolean,
	isUnknownSaid = false,
): Replaced[] {
	return ledger.allOf(item).flatMap((entry): Replaced[] => {
		const { id, state, possibleIds = [] } = entry;
		if (id !== undefined) {
			return isNamed(id) ? [] : [{ predictionId: id, state: stateOf(entry) }];
		}
		if (state !== 'unknown' || isUnknownSaid) return [];
		const ids = possibleIds.length > 0 ? { possibleIds } : {};
		return [{ predictionId: null, state: stateOf(entry), ...ids }];
	});
}

/**
 * Tells which IDs an item names. Nearly always that is its own alone, so that its JSON, which can be
 * large, is written only where another is looked for.
 */
export function namedIn(json: object | undefined): (id: string) => boolean {
	const { id: own } = (json ?? {}) as { id?: unknown };
	let written: string | undefined;
	return (id) => id === own || (written ??= JSON.stringify(json ?? '')).includes(id);
}

/** An item's JSON that names them as well. */
export function withReplaced(ledger: Ledger, item: number, json: IDataObject): IDataObject {
	const replaced = replacedIn(ledger, item, namedIn(json));
	return replaced.length === 0 ? json : { ...json, [REPLACED_KEY]: replaced };
}

/** The words for the builder, where there are any. */
export function hintOfReplaced(replaced: Replaced[]): string[] {
	if (replaced.length === 0) return [];
	const named = replaced.slice(0, MAX_NAMED);
	const words = ({ predictionId, state }: Replaced) => `${predictionId ?? 'one'} (${state})`;
	const listed = named.map(words).join(', ');
	const more = replaced.length > MAX_NAMED ? ` and ${replaced.length - MAX_NAMED} more` : '';
	return [
		`Earlier tries created predictions that later ones replaced; they may be billed as well: ${listed}${more}.`,
	];
}
