import type { Told } from './account';
import type { Chance } from './chance';
import type { Execution, PassEnd } from './execution';
import type { Played } from './history';

/*
 * What histories cost. The service's bill is made here of what it knows, in whole numbers of its own, and
 * not with anything of the package.
 */

/** A price of a history: whole billionths of a dollar, so that it is exact in decimals. */
interface HistoryPrice {
	unit: 'prediction' | 'second' | 'image' | 'millionOutputTokens' | 'metric';
	metric: string;
	nano: number;
}

/** What counts in a prediction's metrics for a price, and how many of it that is for. */
const COUNTED_BY = {
	second: { metric: 'predict_time', per: 1 },
	image: { metric: 'image_count', per: 1 },
	millionOutputTokens: { metric: 'output_token_count', per: 1_000_000 },
} as const;

/** What a prediction's model counts, beside its time. */
export function countsOf(chance: Chance, key: string): Record<string, number> {
	const counts = {
		image_count: chance.pick(`${key} images`, [6, 0], [3, 1], [1, 4]),
		output_token_count: chance.pick(`${key} tokens`, [6, 0], [2, 37], [1, 12_345]),
		upscaled_pixel_count: chance.pick(`${key} pixels`, [8, 0], [1, 1_048_576]),
	};
	return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** The options about money of an execution. */
export function moneyOptions(pick: Chance['pick']): Record<string, unknown> {
	const nano = (key: string, ...usual: number[]) =>
		pick(`price per ${key}`, [5, 0], ...usual.map((one) => [1, one] as const));
	const rows: HistoryPrice[] = [
		{ unit: 'prediction', metric: '', nano: nano('prediction', 39_000_000, 1_234) },
		{ unit: 'second', metric: '', nano: nano('second', 225_000, 1_400_001) },
		{ unit: 'image', metric: '', nano: nano('image', 3_000_000, 333) },
		{ unit: 'millionOutputTokens', metric: '', nano: nano('token', 1_000_000_000, 650_000_001) },
		{ unit: 'metric', metric: 'upscaled_pixel_count', nano: nano('pixel', 1, 17) },
	];
	const values = rows
		.filter((row) => row.nano > 0)
		.map(({ nano: billionths, ...row }) => ({ ...row, price: billionths / 1e9 }));
	if (values.length === 0) return {};
	const maxSpending = pick<number | undefined>(
		'spending limit',
		[2, undefined],
		[1, 0.000_01],
		[1, 0.005],
		[1, 0.1],
	);
	return { prices: { values }, ...(maxSpending === undefined ? {} : { maxSpending }) };
}

/** What is wrong with what executions say that they have cost, and with what they have spent. */
export function* wrongsOfBill(played: Played): Generator<string> {
	for (const last of played.executions) {
		const isRetried = played.executions.some((one) => one.retryOf === last);
		if (isRetried || last.script.chain || pricesOf(last).length === 0) continue;
		const chain = played.executions.filter(({ id }) => last.chain.includes(id));
		for (const [pass, inputs] of last.script.passes.entries()) {
			const labels = new Set(inputs.map(({ json }) => String(json.label)));
			const made = played.account.told.filter(
				({ run, by }) => last.chain.includes(by) && labels.has(String(run.input.label)),
			);
			yield* wrongOfSum(last, chain, pass, made, played);
			yield* spentTooMuch(last, made, played);
		}
	}
}

/**
 * All that a pass says is the service's bill to the millionth. What says that it may be more may be less
 * than the bill, but for passes that have seen every end: there it only leaves out what has no price.
 */
function* wrongOfSum(
	last: Execution,
	chain: Execution[],
	pass: number,
	made: Told[],
	{ account, faultRate, toldEnds }: Played,
): Generator<string> {
	const end = chain.flatMap(({ ends }) => ends).findLast((one) => one.pass === pass);
	// n8n's timer continues with the input items, and nothing is left of what was stopped or killed.
	if (!end || end.by === 'timer' || chain.some(({ status }) => status === 'dropped')) return;
	// A lost create may have taken what another process has made, in whatever way that has ended.
	const reused = new Set(end.items.flatMap(({ json }) => (json.reused === true ? json.id : [])));
	const told = JSON.stringify([end.items.map(({ json }) => json), end.error?.context]);
	const isOthers = ({ run: { id }, by }: Told) =>
		!last.chain.includes(by) && !reused.has(id) && told.includes(id);
	if (account.told.some(isOthers)) return;
	const said = saidBy(end);
	const prices = pricesOf(last);
	const bill = made.reduce((sum, { run }) => sum + microsOf(run, prices), 0);
	const hasSeenAll =
		faultRate === 0 &&
		end.error === undefined &&
		!leaves(last) &&
		made.every(({ run: { id }, by }) => toldEnds.has(`${by} ${id}`));
	const isExact = hasSeenAll || !said.isLowerBound;
	const isWrong = isExact ? said.micros !== bill : said.micros > bill;
	if (isWrong) {
		const words = isExact ? '' : 'at least ';
		yield `${last.id}, pass ${pass}, says ${words}${said.micros} millionths, and is billed ${bill}`;
	}
}

/** When a create is sent, what the node was told before to have ended is within the limit. */
function* spentTooMuch(last: Execution, made: Told[], { log, endedAt }: Played): Generator<string> {
	const { maxSpending } = optionsOf(last);
	if (maxSpending === undefined) return;
	// What was sent before may arrive after anything.
	const isLate = (line: string) => / (\w+) create: .*arrives/.exec(line)?.[1];
	if (log.some((line) => last.chain.includes(isLate(line) ?? ''))) return;
	const max = Math.round(maxSpending * 1e6);
	const prices = pricesOf(last);
	const seen = new Map<string, number>();
	for (const line of log) {
		const told = /^ *([\d.]+) (\w+) \w+: \d+ (\w+) (?:succeeded|failed|canceled|aborted)$/.exec(
			line,
		);
		const [, at, by, id] = told ?? [];
		if (by !== undefined && last.chain.includes(by) && !seen.has(id!)) seen.set(id!, Number(at));
	}
	for (const { run } of made) {
		// The log has times of the day.
		if (Math.floor(run.createdAt / DAY_MS) !== Math.floor(endedAt / DAY_MS)) continue;
		const before = (run.createdAt % DAY_MS) / 1_000 - ON_THE_WAY_S;
		const known = made.filter(({ run: one }) => (seen.get(one.id.slice(0, 6)) ?? before) < before);
		const spent = known.reduce((sum, one) => sum + microsOf(one.run, prices), 0);
		if (spent > max) {
			yield `${last.id} had spent ${spent} of ${max} millionths when ${run.id.slice(0, 6)} was created`;
		}
	}
}

const DAY_MS = 86_400_000;
/** How long a response and the next create may be on their way, in s. */
const ON_THE_WAY_S = 15;

/** Whether the node does not wait for all ends. */
function leaves({ script }: Execution): boolean {
	const { waitFor, options } = script.parameters as {
		waitFor: string;
		options: { onTimeout: string };
	};
	return waitFor === 'nothing' || options.onTimeout === 'leave';
}

interface SaidCost {
	usd: number | null;
	isLowerBound?: boolean;
}

/** The sum of what an end says in its items and its error. */
function saidBy({ items, error }: PassEnd): { micros: number; isLowerBound: boolean } {
	const ofItems = items.flatMap(({ json }) => {
		const details = (json.details ?? json.message) as { cost?: SaidCost } | undefined;
		return (json.cost as SaidCost | undefined) ?? details?.cost ?? [];
	});
	const { costs = [] } = (error?.context ?? {}) as { costs?: SaidCost[] };
	const all = [...ofItems, ...costs];
	return {
		micros: all.reduce((sum, { usd }) => sum + Math.round((usd ?? 0) * 1e6), 0),
		isLowerBound: all.some((one) => one.isLowerBound === true),
	};
}

/** What the service bills for a prediction: an aborted one never began. */
function microsOf(run: Told['run'], prices: HistoryPrice[]): number {
	const { status, startedAt, completedAt, metrics } = run;
	if (status === 'aborted' || completedAt === undefined) return 0;
	return prices.reduce((sum, { unit, metric, nano }) => {
		if (unit === 'prediction') return sum + rounded(BigInt(nano), 1_000n);
		if (unit === 'second') {
			const ms = completedAt - (startedAt ?? completedAt);
			return sum + rounded(BigInt(ms) * BigInt(nano), 1_000_000n);
		}
		const { metric: name, per } = unit === 'metric' ? { metric, per: 1 } : COUNTED_BY[unit];
		return sum + rounded(BigInt(metrics[name] ?? 0) * BigInt(nano), 1_000n * BigInt(per));
	}, 0);
}

/** Half up. */
function rounded(amount: bigint, by: bigint): number {
	return Number((amount + by / 2n) / by);
}

function optionsOf({ script }: Execution) {
	return script.parameters.options as {
		prices?: { values: Array<Omit<HistoryPrice, 'nano'> & { price: number }> };
		maxSpending?: number;
	};
}

function pricesOf(execution: Execution): HistoryPrice[] {
	const { values = [] } = optionsOf(execution).prices ?? {};
	return values.map(({ price, ...row }) => ({ ...row, nano: Math.round(price * 1e9) }));
}
