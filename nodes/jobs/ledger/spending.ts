import { pricePerSecond } from '../../fields/spending';
import type { Item } from '../../host/item';
import type { NodeRun } from '../../host/nodeRun';
import type { Prediction } from '../../shared/api/shapes';

/** What the ended predictions of a run of the node used. */
interface Spending {
	ids: Set<string>;
	/** Of prediction time. */
	seconds: number;
	/** Further sums by their names in `metrics`, such as `image_count`. */
	units: Map<string, number>;
	/** In USD, of those that have a price. */
	dollars: number;
}

const spendings = new WeakMap<NodeRun, Spending>();

/** Names of metrics that can be summed: not rates, and not the time that includes queueing. */
const SUMMED = /_count$|_duration_seconds$/;

const ROUNDED = { maximumFractionDigits: 1 };
const MONEY = { style: 'currency', currency: 'USD', maximumSignificantDigits: 3 } as const;

/** Adds what a prediction that has ended used, whatever its end: a failed one may be billed, too. */
export function addSpending(item: Item, { id, metrics }: Prediction): void {
	const spending = spendings.get(item.run) ?? {
		ids: new Set(),
		seconds: 0,
		units: new Map<string, number>(),
		dollars: 0,
	};
	spendings.set(item.run, spending);
	if (spending.ids.has(id)) return;
	spending.ids.add(id);
	const seconds = amount(metrics?.predict_time);
	spending.seconds += seconds;
	spending.dollars += seconds * pricePerSecond.read(item);
	for (const [name, value] of Object.entries(metrics ?? {})) {
		if (!SUMMED.test(name) || amount(value) === 0) continue;
		spending.units.set(name, (spending.units.get(name) ?? 0) + amount(value));
	}
}

/** Shows the sum at the node's output; that of a single prediction without a price is in its item. */
export function showSpending(run: NodeRun): void {
	const spending = spendings.get(run);
	if (!spending || (spending.ids.size < 2 && spending.dollars === 0)) return;
	run.inform(spendingText(spending));
}

function spendingText({ ids, seconds, units, dollars }: Spending): string {
	const parts = [
		`${rounded(seconds)} s of prediction time`,
		...[...units].map(([name, sum]) => `${name.replaceAll('_', ' ')}: ${rounded(sum)}`),
		...(dollars > 0
			? [`about ${dollars.toLocaleString('en', MONEY)} at the price per second in Options`]
			: []),
	];
	return `${ids.size === 1 ? '1 prediction' : `${ids.size} predictions`} used ${parts.join('; ')}`;
}

function rounded(value: number): string {
	return value.toLocaleString('en', ROUNDED);
}

function amount(value: unknown): number {
	return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}
