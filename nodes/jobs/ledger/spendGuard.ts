import { maxPredictions } from '../../fields/spending';
import { ParameterError } from '../../fields/parameterError';
import type { Item } from '../../host/item';
import type { Ledger } from './ledger';
import type { Entry } from './ledgerState';

/** Holds one try of a run to the number of creates that Options → Max Predictions allows. */
export class SpendGuard {
	/** How many creates the run comes to: those of earlier tries, and one for each item without a result. */
	private planned?: number;
	/** The smallest limit of all items. */
	private max?: number;
	/** Items whose create is about to be sent, each with the creates that it had before. */
	private readonly opening = new Map<number, number>();

	/** @param items how many items the run has */
	constructor(
		private readonly ledger: Ledger,
		private readonly items: number,
	) {}

	/**
	 * Creates something for an item, unless the run would create more than the limit. What all items come
	 * to is checked before the first create; what comes on top, such as a fallback's, before each.
	 *
	 * @param isPlanned whether each item certainly creates something; else one by one counts, because an
	 *                  item may take what is there already
	 * @throws InputError before anything is sent
	 */
	async withinLimit<T>(item: Item, isPlanned: boolean, create: () => Promise<T>): Promise<T> {
		const max = (this.max ??= this.smallestLimit(item));
		if (max === Infinity) return await create();
		const { ledger } = this;
		if (isPlanned) this.planned ??= this.plannedCreates();
		if (isPlanned && this.planned! > max) throw tooMany(max, this.planned!, ledger);
		const next = this.created + 1;
		if (next > max) throw tooMany(max, next, ledger);
		this.opening.set(item.index, ledger.countOf(item.index));
		return await create().finally(() => this.opening.delete(item.index));
	}

	/** Items that have no limit of their own are held to that of the others: they spend the same money. */
	private smallestLimit({ run }: Item): number {
		const limits = Array.from({ length: this.items }, (_, index) =>
			maxPredictions.read({
				parameter: (name, fallback, options) => run.parameters.get(name, index, fallback, options),
			}),
		);
		return limits.reduce((one, other) => Math.min(one, other), Infinity);
	}

	private plannedCreates(): number {
		const indexes = Array.from({ length: this.items }, (_, index) => index);
		const without = indexes.filter((index) => !hasResult(this.ledger.of(index)));
		return this.ledger.entries.length + without.length;
	}

	/** Creates of all tries that came to be or may have, and those that are about to be sent. */
	private get created(): number {
		const { ledger, opening } = this;
		const unsent = [...opening].filter(([item, before]) => ledger.countOf(item) <= before);
		return ledger.entries.length + unsent.length;
	}
}

/** Whether an item's last create is waited for or collected, so that it is not created again. */
function hasResult(entry: Entry | undefined): boolean {
	return entry !== undefined && (entry.state !== 'ended' || entry.status === 'succeeded');
}

function tooMany(max: number, wanted: number, { entries }: Ledger): ParameterError {
	const before = entries.length > 0 ? `, ${entries.length} of them created already` : '';
	return new ParameterError(
		`Options → Max Predictions allows ${max}, and this run would create ${wanted}${before}`,
		`${before === '' ? 'Nothing' : 'Nothing more'} was created. Raise the limit, or pass fewer items to the node.`,
	);
}
