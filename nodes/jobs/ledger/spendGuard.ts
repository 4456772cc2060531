import { canPrice, prices as pricesOption } from '../../fields/prices';
import { maxPredictions, maxSpending } from '../../fields/spending';
import { LimitReachedError, ParameterError } from '../../fields/parameterError';
import type { Field } from '../../fields/field';
import type { Item } from '../../host/item';
import type { Price } from '../../shared/predictions/cost';
import { microsOf, moneyText, type Micros } from '../../shared/predictions/money';
import { knownCosts } from './costs';
import type { Ledger } from './ledger';
import type { Entry } from './ledgerState';

/** Holds one try of a run to what Options → Max Predictions and Max Spending allow. */
export class SpendGuard {
	/** How many creates the run comes to: those of earlier tries, and one for each item without a result. */
	private planned?: number;
	/** The smallest limit of all items. */
	private max?: number;
	/** The same of what they may spend. */
	private maxMicros?: Micros;
	/** Items whose create is about to be sent, each with the creates that it had before. */
	private readonly opening = new Map<number, number>();

	/**
	 * @param items    how many items the run has
	 * @param pricesOf what the model of each item costs
	 */
	constructor(
		private readonly ledger: Ledger,
		private readonly items: number,
		private readonly pricesOf: (item: number) => Price[],
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
		const { max, maxMicros } = this.assertHolds(item, isPlanned);
		if (max === Infinity && maxMicros === Infinity) return await create();
		const { ledger } = this;
		const next = this.created + 1;
		if (next > max) throw tooMany(max, next, ledger);
		if (maxMicros !== Infinity) this.assertAffordable(maxMicros);
		this.opening.set(item.index, ledger.countOf(item.index));
		return await create().finally(() => this.opening.delete(item.index));
	}

	/**
	 * Checks again what may be spent, for a create that may have waited for Replicate's own limit: what was
	 * running when it was let pass may have ended since, and have cost more than anybody knew.
	 *
	 * @throws LimitReachedError where it would pass the limit by now
	 */
	assertStillAffordable({ index }: Item): void {
		const { maxMicros = Infinity } = this;
		if (maxMicros !== Infinity) this.assertAffordable(maxMicros, index);
	}

	/**
	 * Checks what can be told before anything is created.
	 *
	 * @param isPlanned see `withinLimit`
	 * @throws InputError for limits that cannot be read or held, or that the items certainly pass
	 */
	assertHolds(item: Item, isPlanned: boolean): { max: number; maxMicros: Micros } {
		const max = (this.max ??= this.smallest(item, maxPredictions));
		const maxMicros = (this.maxMicros ??= this.smallestSpending(item));
		if (!isPlanned || max === Infinity) return { max, maxMicros };
		this.planned ??= this.plannedCreates();
		if (this.planned > max) throw tooMany(max, this.planned, this.ledger);
		return { max, maxMicros };
	}

	/** Items that have no limit of their own are held to that of the others: they spend the same money. */
	private smallest({ run }: Item, limit: Field<number>): number {
		const limits = Array.from({ length: this.items }, (_, index) =>
			limit.read({
				parameter: (name, fallback, options) => run.parameters.get(name, index, fallback, options),
			}),
		);
		return limits.reduce((one, other) => Math.min(one, other), Infinity);
	}

	/** @throws ParameterError for a limit that nothing can hold, because an item has no price */
	private smallestSpending(item: Item): Micros {
		const usd = this.smallest(item, maxSpending);
		if (usd === Infinity) return Infinity;
		const indexes = Array.from({ length: this.items }, (_, index) => index);
		const without = indexes.find((index) => !canPrice(this.pricesOf(index)));
		if (without === undefined) return microsOf(usd, 1, 1);
		throw new ParameterError(
			`${maxSpending.label} is set, and item ${without} has no price`,
			`Nothing was created. Add ${pricesOption.label} with what the model costs, as its page on replicate.com shows it.`,
		);
	}

	/**
	 * Counts what was spent, and the mean of that for each one whose cost is not known yet: those that are
	 * running, and the one that is to be created.
	 *
	 * @param next the item of the one that is to be created, where it is among those that wait to be sent
	 * @throws LimitReachedError where the next one would pass the limit
	 * @throws ParameterError    where what has ended is billed by something that has no price, or nobody
	 *                           knows what one costs and some are left running
	 */
	private assertAffordable(max: Micros, next?: number): void {
		const { ledger, pricesOf } = this;
		const { micros, known, open, unpriced } = knownCosts(ledger.entries, pricesOf);
		const ended = ledger.entries.filter(({ state }) => state === 'ended').length;
		if (unpriced.length > 0 || (known === 0 && ended > 0)) {
			throw new LimitReachedError(
				`${maxSpending.label} cannot be held: ${unpriced.length > 0 ? `the predictions report ${unpriced.join(', ')} without a price` : 'the predictions do not say what they used'}`,
				`Nothing more was created. Add a price for it to ${pricesOption.label}, 0 for a metric that is not billed.`,
			);
		}
		const unseen = ledger.entries.filter(isUnseen).length;
		if (known === 0 && unseen > 0) {
			throw new LimitReachedError(
				`${maxSpending.label} cannot be held: what ${unseen === 1 ? 'a prediction' : `${unseen} predictions`} whose end the run has not seen will cost is not known`,
				'Nothing more was created. Raise Options → Timeout, or set Options → On Timeout to Cancel the Prediction, so that the run sees what a prediction costs.',
			);
		}
		const running = open + this.unsentBeside(next);
		const mean = known === 0 ? 0 : micros / known;
		const expected = Math.round(mean * running);
		if (max > micros && micros + mean * (running + 1) <= max) return;
		const parts = [
			`${moneyText(micros)} was spent`,
			...(running > 0 ? [`${running} running will cost about ${moneyText(expected)}`] : []),
			...(mean > 0 ? [`the next about ${moneyText(Math.round(mean))}`] : []),
		];
		throw new LimitReachedError(
			`${maxSpending.label} allows ${moneyText(max)}: ${parts.join(', ')}`,
			'Nothing more was created. Raise the limit, or pass fewer items to the node. Results that were paid for are passed on where On Error is Continue, and collected by a retry of this execution otherwise.',
		);
	}

	private plannedCreates(): number {
		const indexes = Array.from({ length: this.items }, (_, index) => index);
		const without = indexes.filter((index) => !hasResult(this.ledger.of(index)));
		return this.ledger.entries.length + without.length;
	}

	/** Creates of all tries that came to be or may have, and those that are about to be sent. */
	private get created(): number {
		return this.ledger.entries.length + this.unsentBeside();
	}

	/** Those that are about to be sent and that the ledger does not have yet, without this item's. */
	private unsentBeside(next?: number): number {
		const { ledger, opening } = this;
		return [...opening].filter(([item, before]) => item !== next && ledger.countOf(item) <= before)
			.length;
	}
}

/** Whether nobody waits for its end any more, so that its cost will not be known. */
function isUnseen({ state, outcome }: Entry): boolean {
	if (state === 'ended') return false;
	return state === 'unknown' || outcome === 'leftRunning' || outcome === 'cancelUnconfirmed';
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
