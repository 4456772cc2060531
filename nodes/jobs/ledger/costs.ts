import { prices as pricesOption } from '../../fields/prices';
import type { JsonObject } from '../../shared/api/json';
import {
	costOf,
	partsJson,
	UNKNOWN_COST,
	type Cost,
	type Price,
} from '../../shared/predictions/cost';
import { moneyText, usdOf, type Micros } from '../../shared/predictions/money';
import { isCounted, TIME } from '../../shared/predictions/used';
import type { Ledger } from './ledger';
import type { Entry } from './ledgerState';

/** The name under which an item has its cost. */
export const COST_KEY = 'cost';

const ROUNDED = { maximumFractionDigits: 1 };

/** What one create costs, as far as the ledger knows its end. */
export function costOfEntry(entry: Entry, prices: Price[]): Cost {
	const { state, status = '', used } = entry;
	return state === 'ended' ? costOf(used, status, prices) : UNKNOWN_COST;
}

/**
 * What an item costs, with all that was created for it in all tries, its fallbacks among them.
 *
 * @returns `undefined` without prices, and where nothing can be said of a failed item
 */
export function itemCost(ledger: Ledger, item: number, prices: Price[]): JsonObject | undefined {
	if (prices.length === 0) return undefined;
	const entries = ledger.allOf(item);
	const last = ledger.of(item);
	const costs = entries.map((entry) => costOfEntry(entry, prices));
	const { micros, isLowerBound, unpriced } = sumOf(costs);
	const parts = entries.flatMap((entry, at) => {
		const { id = null, status = null } = entry;
		const whose: JsonObject = entry === last ? {} : { predictionId: id, status };
		return partsJson(costs[at]!).map((part) => ({ ...part, ...whose }));
	});
	return {
		usd: parts.length === 0 && isLowerBound ? null : usdOf(micros),
		parts,
		...(unpriced.length > 0 ? { unpriced } : {}),
		...(isLowerBound ? { isLowerBound } : {}),
	};
}

/** Costs together: in whole millionths, so that their sum is exact. */
function sumOf(costs: Cost[]): Omit<Cost, 'parts'> {
	return {
		micros: costs.reduce((sum, { micros }) => sum + micros, 0),
		unpriced: [...new Set(costs.flatMap(({ unpriced }) => unpriced))],
		isLowerBound: costs.some(({ isLowerBound }) => isLowerBound),
	};
}

/**
 * What all creates of a run used and cost, in words.
 *
 * @param pricesOf of each item
 * @returns `undefined` where there is nothing to say beyond a single item's own metrics
 */
export function usageText(
	{ entries }: Ledger,
	pricesOf: (item: number) => Price[],
): string | undefined {
	const ended = entries.filter(({ state }) => state === 'ended');
	const money = costText(entries, pricesOf);
	if (ended.length === 0 || (ended.length === 1 && money === undefined)) return undefined;
	const amounts = new Map<string, number>();
	for (const [name, amount] of ended.flatMap(({ used }) => Object.entries(used?.amounts ?? {}))) {
		amounts.set(name, (amounts.get(name) ?? 0) + amount);
	}
	const seconds = amounts.get(TIME) ?? 0;
	const counted = [...amounts].filter(([name]) => isCounted(name));
	const untrue = ended.filter(({ used }) => used?.isUntrue).length;
	const parts = [
		`${rounded(seconds)} s of prediction time`,
		...counted.map(([name, sum]) => `${name.replaceAll('_', ' ')}: ${rounded(sum)}`),
		...(money === undefined ? [] : [money]),
		...(untrue > 0
			? [`not counted, because it cannot be true: what ${untrue} of them reported`]
			: []),
	];
	return `${countText(ended.length)} used ${parts.join('; ')}`;
}

/**
 * What these creates cost, in words; `undefined` where none has a price.
 *
 * @param pricesOf of each item
 */
export function costText(
	entries: readonly Entry[],
	pricesOf: (item: number) => Price[],
): string | undefined {
	const priced = entries.filter(({ item }) => pricesOf(item).length > 0);
	if (priced.length === 0) return undefined;
	const costs = priced.map((entry) => costOfEntry(entry, pricesOf(entry.item)));
	const { micros, unpriced, isLowerBound } = sumOf(costs);
	const failed = costs.filter((_, at) => isFailed(priced[at]!));
	const ofFailed = sumOf(failed).micros;
	const open = priced.filter(({ state }) => state !== 'ended').length;
	const silent = costs.filter(
		({ parts, unpriced: names }, at) =>
			priced[at]!.state === 'ended' &&
			priced[at]!.status !== 'aborted' &&
			parts.length + names.length === 0,
	).length;
	const reasons = [
		...(unpriced.length > 0
			? [`${unpriced.join(', ')} has no price in ${pricesOption.label}`]
			: []),
		...(open > 0 ? [`what ${open} will cost is not known yet`] : []),
		...(silent > 0 ? [`${silent} said nothing of what they used`] : []),
	];
	const isKnown = costs.some(({ parts }) => parts.length > 0) || !isLowerBound;
	const sum = isKnown
		? `cost ${isLowerBound ? 'at least ' : ''}${moneyText(micros)}`
		: 'cost unknown';
	const share =
		ofFailed > 0 ? `, ${moneyText(ofFailed)} of it for ${failed.length} without a result` : '';
	return `${sum}${share}${reasons.length > 0 ? ` (${reasons.join('; ')})` : ''}`;
}

/** Whether it has ended without a result. */
function isFailed({ state, status }: Entry): boolean {
	return state === 'ended' && status !== 'succeeded';
}

/** What the creates of a run have cost, as far as that is known; and those whose cost is not. */
export function knownCosts(
	entries: readonly Entry[],
	pricesOf: (item: number) => Price[],
): { micros: Micros; known: number; open: number; unpriced: string[] } {
	let micros = 0;
	let known = 0;
	const unpriced = new Set<string>();
	for (const entry of entries) {
		const cost = costOfEntry(entry, pricesOf(entry.item));
		for (const name of cost.unpriced) unpriced.add(name);
		if (cost.parts.length === 0 && cost.isLowerBound) continue;
		micros += cost.micros;
		known += 1;
	}
	return { micros, known, open: entries.length - known, unpriced: [...unpriced] };
}

function countText(count: number): string {
	return count === 1 ? '1 prediction' : `${count} predictions`;
}

function rounded(value: number): string {
	return value.toLocaleString('en', ROUNDED);
}
