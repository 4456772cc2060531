import type { JsonObject } from '../api/json';
import { microsOf, usdOf, type Micros } from './money';
import { isCounted, TIME, type Used } from './used';

/** What a price is for, and which metrics count it. */
interface Unit {
	/** How many of them the price is for. */
	per: number;
	/** The metrics among these that count it. */
	metricsIn(names: string[], metric: string): string[];
}

/** The one that a model reports of several that mean the same. */
const firstOf =
	(...metrics: string[]) =>
	(names: string[]) =>
		metrics.filter((metric) => names.includes(metric)).slice(0, 1);
const all = (pattern: RegExp) => (names: string[]) => names.filter((name) => pattern.test(name));

/** What has a price, by its value in workflows. */
export const UNITS = {
	second: { per: 1, metricsIn: firstOf(TIME) },
	prediction: { per: 1, metricsIn: () => [] },
	image: { per: 1, metricsIn: firstOf('image_output_count', 'image_count') },
	mediaSecond: { per: 1, metricsIn: all(/^(?!.*input).*_duration_seconds$/) },
	thousandCharacters: {
		per: 1_000,
		metricsIn: (names) =>
			names.filter((name) => name.includes('character') && name.endsWith('_count')),
	},
	millionInputTokens: { per: 1_000_000, metricsIn: firstOf('input_token_count') },
	millionOutputTokens: { per: 1_000_000, metricsIn: firstOf('output_token_count') },
	metric: { per: 1, metricsIn: (names, metric) => names.filter((name) => name === metric) },
} as const satisfies Record<string, Unit>;

export type UnitName = keyof typeof UNITS;

/** One price: plain JSON, so that it outlives a suspension. */
export interface Price {
	unit: UnitName;
	/** The metric's name, where the builder gives it. */
	metric: string;
	/** In USD. */
	usd: number;
}

/** One part of a cost. */
interface Part {
	metric: string;
	amount: number;
	price: Price;
	micros: Micros;
}

/** What a job costs by the prices given, as far as its metrics say. */
export interface Cost {
	/** In whole millionths of a dollar. */
	micros: Micros;
	parts: Part[];
	/** What may be billed and has no price. */
	unpriced: string[];
	/** Whether it may have cost more than this. */
	isLowerBound: boolean;
}

/** One of which nothing is known yet. */
export const UNKNOWN_COST: Cost = { micros: 0, parts: [], unpriced: [], isLowerBound: true };

/**
 * What a job that has ended costs, whatever its end: a failed or cancelled one may be billed as well.
 * One that was aborted never began, and is not billed (Replicate's changelog, 2025-10-16).
 *
 * @param status its last one
 */
export function costOf(used: Used | undefined, status: string, prices: Price[]): Cost {
	if (status === 'aborted') return { ...UNKNOWN_COST, isLowerBound: false };
	const amounts = used?.amounts ?? {};
	let left = Object.keys(amounts);
	const priced = new Map<Price, Part[]>();
	// A name that the builder has written counts before the same metric under a general one.
	const exactFirst = [...prices].sort((one, other) => order(one) - order(other));
	for (const price of exactFirst) {
		const { per, metricsIn } = UNITS[price.unit];
		const taken = metricsIn(left, price.metric);
		left = left.filter((name) => !taken.includes(name));
		const partOf = (metric: string, amount: number): Part => ({
			metric,
			amount,
			price,
			micros: microsOf(amount, price.usd, per),
		});
		const parts = taken.map((metric) => partOf(metric, amounts[metric]!));
		priced.set(price, price.unit === 'prediction' ? [partOf('prediction', 1)] : parts);
	}
	const parts = prices.flatMap((price) => priced.get(price) ?? []);
	// Models that are billed by output report their time as well.
	const unpriced = left.filter((name) => isCounted(name) || (name === TIME && parts.length === 0));
	return {
		micros: parts.reduce((sum, { micros }) => sum + micros, 0),
		parts,
		unpriced,
		isLowerBound: unpriced.length > 0 || parts.length === 0 || used?.isUntrue === true,
	};
}

function order({ unit }: Price): number {
	return unit === 'metric' ? 0 : 1;
}

/** The parts as an item's JSON has them. */
export function partsJson({ parts }: Cost): JsonObject[] {
	return parts.map(({ metric, amount, price: { unit, usd }, micros }) => {
		const { per } = UNITS[unit];
		return {
			metric,
			amount,
			price: usd,
			...(per === 1 ? {} : { per }),
			usd: usdOf(micros),
		};
	});
}
