import type { GroupKey, Sums } from './summary';

/** Texts that a spreadsheet would run: names of models and metrics are their authors'. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * Groups as CSV (RFC 4180, UTF-8): one line each, and a column for each status and metric that there is.
 *
 * @param groups all with the same parts of a key
 */
export function summaryCsv(
	keys: ReadonlyArray<keyof GroupKey>,
	groups: Array<GroupKey & Sums>,
): string {
	const statuses = namesIn(groups, ({ statuses: counts }) => counts);
	const metrics = namesIn(groups, ({ metrics: sums }) => sums);
	const hasCost = groups.some(({ cost }) => cost !== undefined);
	const head = [
		...keys,
		'predictions',
		...statuses,
		'predict_seconds',
		...metrics,
		...(hasCost ? ['usd', 'usd_is_lower_bound', 'without_price'] : []),
	];
	const lines = groups.map((group) => [
		...keys.map((key) => group[key] ?? ''),
		group.predictions,
		...statuses.map((name) => group.statuses[name] ?? 0),
		group.predictSeconds,
		...metrics.map((name) => group.metrics[name] ?? 0),
		...(hasCost
			? [
					group.cost?.usd ?? '',
					group.cost?.isLowerBound === true ? 'yes' : 'no',
					group.cost?.unpriced?.join(' ') ?? '',
				]
			: []),
	]);
	return [head, ...lines].map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('');
}

function namesIn(
	groups: Array<GroupKey & Sums>,
	countsOf: (group: Sums) => Record<string, number>,
): string[] {
	return [...new Set(groups.flatMap((group) => Object.keys(countsOf(group))))].sort();
}

function cellOf(value: string | number): string {
	if (typeof value === 'number') return String(value);
	const text = FORMULA.test(value) ? `'${value}` : value;
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
