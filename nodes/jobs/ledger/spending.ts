import type { NodeRun } from '../../host/nodeRun';
import type { Prediction } from '../../shared/api/shapes';

/** Names of metrics that can be summed: not rates, and not the time that includes queueing. */
const SUMMED = /_count$|_duration_seconds$/;

/** More than any job takes, in s: a month. */
const MAX_JOB_S = 31 * 86_400;
/** More than any job is billed for, in whatever unit. */
const MAX_UNITS = Number.MAX_SAFE_INTEGER;

const ROUNDED = { maximumFractionDigits: 1 };
const MONEY = { style: 'currency', currency: 'USD', maximumSignificantDigits: 3 } as const;

/** One figure of a prediction's `metrics`, which its model writes. */
interface Amount {
	name: string;
	value: number;
	isTime: boolean;
	/** Whether a job can have used so much. */
	isTrue: boolean;
}

/** What the ended predictions of a run of the node used. */
export class Spending {
	private readonly ids = new Set<string>();
	/** Of prediction time. */
	private seconds = 0;
	/** Further sums by their names in `metrics`, such as `image_count`. */
	private readonly units = new Map<string, number>();
	/** In USD, of those that have a price. */
	private dollars = 0;
	/** How many predictions report what cannot be true. */
	private untrue = 0;

	/**
	 * Adds what a prediction that has ended used, whatever its end: a failed one may be billed, too.
	 *
	 * @param price in USD per second of prediction time
	 */
	add({ id, metrics }: Prediction, price: number): void {
		if (this.ids.has(id)) return;
		this.ids.add(id);
		const reported = Object.entries(metrics ?? {}).flatMap(([name, value]): Amount[] => {
			const isTime = name === 'predict_time';
			if ((!isTime && !SUMMED.test(name)) || typeof value !== 'number' || value <= 0) return [];
			return [{ name, value, isTime, isTrue: value <= (isTime ? MAX_JOB_S : MAX_UNITS) }];
		});
		if (reported.some(({ isTrue }) => !isTrue)) this.untrue += 1;
		for (const { name, value, isTime, isTrue } of reported) {
			if (!isTrue) continue;
			if (isTime) {
				this.seconds += value;
				this.dollars += value * price;
			} else {
				this.units.set(name, (this.units.get(name) ?? 0) + value);
			}
		}
	}

	/** Shows the sum at the node's output; a single one without a price has it in its item. */
	show(run: NodeRun): void {
		const { ids, dollars } = this;
		if (ids.size > 1 || (ids.size === 1 && dollars > 0)) run.inform(this.text);
	}

	private get text(): string {
		const { ids, seconds, units, dollars, untrue } = this;
		const parts = [
			`${rounded(seconds)} s of prediction time`,
			...[...units].map(([name, sum]) => `${name.replaceAll('_', ' ')}: ${rounded(sum)}`),
			...(dollars > 0
				? [`about ${dollars.toLocaleString('en', MONEY)} at the price per second in Options`]
				: []),
			...(untrue > 0
				? [`not counted, because it cannot be true: what ${untrue} of them reported`]
				: []),
		];
		return `${ids.size === 1 ? '1 prediction' : `${ids.size} predictions`} used ${parts.join('; ')}`;
	}
}

function rounded(value: number): string {
	return value.toLocaleString('en', ROUNDED);
}
