import type { Prediction } from '../api/shapes';
import { costOf, UNKNOWN_COST, type Price } from './cost';
import { usdOf, type Micros } from './money';
import { isPending } from './status';
import { isCounted, TIME, usedBy } from './used';

/** What a group has in common; a part that predictions are not summed by is missing. */
export interface GroupKey {
	day?: string;
	/** `null` where Replicate does not say it. */
	model?: string | null;
	status?: string;
}

/** The sums of one group, as an item's JSON has them. */
export type Sums = {
	predictions: number;
	/** How many ended in which way, or are running. */
	statuses: Record<string, number>;
	predictSeconds: number;
	/** What models are billed by, by the metrics' own names. */
	metrics: Record<string, number>;
	/** Where there are prices: with `usd` as `null`, where none of them says anything. */
	cost?: { usd: number | null; unpriced?: string[]; isLowerBound?: true };
};

/** What a summary is made of. */
interface SummaryWishes {
	/** What predictions are summed by. */
	keyOf: (prediction: Prediction) => GroupKey;
	/** What a model costs; `undefined` where no prices are given. */
	pricesOf?: (model: string) => Price[];
}

/** Decimals to which sums of metrics are exact enough: a rounded sum has no …0000001 at its end. */
const DIGITS = 6;

/** Predictions, summed one by one, so that none has to be kept. */
export class Summary {
	private readonly groups = new Map<string, { key: GroupKey; sum: Sum }>();
	private readonly total: Sum;

	constructor(private readonly wishes: SummaryWishes) {
		this.total = new Sum(wishes.pricesOf);
	}

	add(prediction: Prediction): void {
		const key = this.wishes.keyOf(prediction);
		const name = JSON.stringify([key.day, key.model, key.status]);
		const group = this.groups.get(name) ?? { key, sum: new Sum(this.wishes.pricesOf) };
		this.groups.set(name, group);
		group.sum.add(prediction);
		this.total.add(prediction);
	}

	/** How many were summed. */
	get count(): number {
		return this.total.predictions;
	}

	/** The sums of all. */
	get all(): Sums {
		return this.total.toJson();
	}

	/** Those of each group: by day, and within it the most predictions first. */
	get byGroup(): Array<GroupKey & Sums> {
		const sorted = [...this.groups.values()].sort(
			(one, other) =>
				(one.key.day ?? '').localeCompare(other.key.day ?? '') ||
				other.sum.predictions - one.sum.predictions,
		);
		return sorted.map(({ key, sum }) => ({ ...key, ...sum.toJson() }));
	}
}

class Sum {
	predictions = 0;
	private readonly statuses = new Map<string, number>();
	private readonly amounts = new Map<string, number>();
	private readonly unpriced = new Set<string>();
	private micros: Micros = 0;
	private isLowerBound = false;
	private isKnown = false;

	constructor(private readonly pricesOf?: (model: string) => Price[]) {}

	add(prediction: Prediction): void {
		const { status, model } = prediction;
		const used = usedBy(prediction);
		this.predictions += 1;
		this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
		for (const [name, amount] of Object.entries(used?.amounts ?? {})) {
			this.amounts.set(name, (this.amounts.get(name) ?? 0) + amount);
		}
		if (!this.pricesOf) return;
		const isOpen = isPending(prediction);
		const cost = isOpen ? UNKNOWN_COST : costOf(used, status, this.pricesOf(model ?? ''));
		this.micros += cost.micros;
		this.isLowerBound ||= cost.isLowerBound;
		this.isKnown ||= cost.parts.length > 0 || !cost.isLowerBound;
		for (const name of cost.unpriced) this.unpriced.add(name);
	}

	toJson(): Sums {
		const counted = [...this.amounts].filter(([name]) => isCounted(name));
		return {
			predictions: this.predictions,
			statuses: Object.fromEntries(this.statuses),
			predictSeconds: rounded(this.amounts.get(TIME) ?? 0),
			metrics: Object.fromEntries(counted.map(([name, sum]) => [name, rounded(sum)])),
			...(this.pricesOf ? { cost: this.costJson() } : {}),
		};
	}

	private costJson(): NonNullable<Sums['cost']> {
		const isUnknown = !this.isKnown && this.predictions > 0;
		return {
			usd: isUnknown ? null : usdOf(this.micros),
			...(this.unpriced.size > 0 ? { unpriced: [...this.unpriced] } : {}),
			...(this.isLowerBound ? { isLowerBound: true } : {}),
		};
	}
}

function rounded(sum: number): number {
	return Number(sum.toFixed(DIGITS));
}

/** The day of a time in a time zone, such as `2026-01-31`; in UTC where the zone is not known. */
export function dayIn(timeZone: string): (time: string) => string {
	const format = (zone: string) =>
		new Intl.DateTimeFormat('en-CA', {
			timeZone: zone,
			year: 'numeric',
			month: '2-digit',
			day: '2-digit',
		});
	let formatter: Intl.DateTimeFormat;
	try {
		formatter = format(timeZone);
	} catch {
		formatter = format('UTC');
	}
	return (time) => {
		const parts = Object.fromEntries(
			formatter.formatToParts(new Date(time)).map(({ type, value }) => [type, value]),
		);
		return `${parts.year}-${parts.month}-${parts.day}`;
	};
}
