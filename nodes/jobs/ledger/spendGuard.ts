import { maxPredictions } from '../../fields/spending';
import { ParameterError } from '../../fields/parameterError';
import type { Item } from '../../host/item';
import type { Entry, Ledger } from './ledger';
import { paidRunOf } from '../paidRun';

/** What the guard knows of one try of a run. */
interface Guard {
	/** How many creates the run comes to: those of earlier tries, and one for each item without a result. */
	planned: number;
	/** Items whose create is about to be sent, each with the creates that it had before. */
	opening: Map<number, number>;
}

const guards = new WeakMap<Ledger, Guard>();

/**
 * Creates something for an item, unless the run would create more than Options → Most Predictions
 * allows. What all items come to is checked before the first create; what comes on top, such as a
 * fallback's, before each.
 *
 * @throws InputError before anything is sent
 */
export async function withinLimit<T>(item: Item, create: () => Promise<T>): Promise<T> {
	const max = maxPredictions.read(item) ?? Infinity;
	if (max === Infinity) return await create();
	const { ledger } = paidRunOf(item.run);
	const guard = guards.get(ledger) ?? guardOf(ledger, item.run.context.getInputData().length);
	guards.set(ledger, guard);
	if (guard.planned > max) throw tooMany(max, guard.planned, ledger);
	const next = created(ledger, guard) + 1;
	if (next > max) throw tooMany(max, next, ledger);
	guard.opening.set(item.index, ledger.countOf(item.index));
	return await create().finally(() => guard.opening.delete(item.index));
}

function guardOf(ledger: Ledger, items: number): Guard {
	const indexes = Array.from({ length: items }, (_, index) => index);
	const without = indexes.filter((index) => !hasResult(ledger.of(index)));
	return { planned: ledger.entries.length + without.length, opening: new Map() };
}

/** Whether an item's last create is waited for or collected, so that it is not created again. */
function hasResult(entry: Entry | undefined): boolean {
	return entry !== undefined && (entry.state !== 'ended' || entry.status === 'succeeded');
}

/** Creates of all tries that came to be or may have, and those that are about to be sent. */
function created(ledger: Ledger, { opening }: Guard): number {
	const unsent = [...opening].filter(([item, before]) => ledger.countOf(item) <= before);
	return ledger.entries.length + unsent.length;
}

function tooMany(max: number, wanted: number, { entries }: Ledger): ParameterError {
	const before = entries.length > 0 ? `, ${entries.length} of them created already` : '';
	return new ParameterError(
		`Options → Most Predictions allows ${max}, and this run would create ${wanted}${before}`,
		`${before === '' ? 'Nothing' : 'Nothing more'} was created. Raise the limit, or pass fewer items to the node.`,
	);
}
