import { pricePerSecond } from '../../fields/spending';
import type { Item } from '../../host/item';
import type { NodeRun } from '../../host/nodeRun';
import type { Prediction } from '../../shared/api/shapes';

/** Names of metrics that can be summed: not rates, and not the time that includes queueing. */
const SUMMED = /_count$|_duration_seconds$/;

const ROUNDED = { maximumFractionDigits: 1 };
const MONEY = { style: 'currency', currency: 'USD', maximumSignificantDigits: 3 } as const;

/** What the ended predictions of a run of the node used. */
export class Spending {
	private readonly ids = new Set<string>();
	/** Of prediction time. */
	private seconds = 0;
	/** Further sums by their names in `metrics`, such as `image_count`. */
	private readonly units = new Map<string, number>();
	/** In USD, of those that have a price. */
	private dollars = 0;

	/** Adds what a prediction that has ended used, whatever its end: a failed one may be billed, too. */
	add(item: Item, { id, metrics }: Prediction): void {
		if (this.ids.has(id)) return;
		this.ids.add(id);
		const seconds = amount(metrics?.predict_time);
		this.seconds += seconds;
		this.dollars += seconds * pricePerSecond.read(item);
		for (const [name, value] of Object.entries(metrics ?? {})) {
			if (!SUMMED.test(name) || amount(value) === 0) continue;
			this.units.set(name, (this.units.get(name) ?? 0) + amount(value));
		}
	}

	/** Shows the sum at the node's output; that of a single prediction without a price is in its item. */
	show(run: NodeRun): void {
		const { ids, dollars } = this;
		if (ids.size > 1 || (ids.size === 1 && dollars > 0)) run.inform(this.text);
	}

	private get text(): string {
		const { ids, seconds, units, dollars } = this;
		const parts = [
			`${rounded(seconds)} s of prediction time`,
			...[...units].map(([name, sum]) => `${name.replaceAll('_', ' ')}: ${rounded(sum)}`),
			...(dollars > 0
				? [`about ${dollars.toLocaleString('en', MONEY)} at the price per second in Options`]
				: []),
		];
		return `${ids.size === 1 ? '1 prediction' : `${ids.size} predictions`} used ${parts.join('; ')}`;
	}
}

function rounded(value: number): string {
	return value.toLocaleString('en', ROUNDED);
}

function amount(value: unknown): number {
	return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}
