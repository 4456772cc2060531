import type { INodeProperties } from 'n8n-workflow';
import { optionsProperty } from '../../../fields/collection';
import { modelPrices } from '../../../fields/prices';
import { binaryField } from '../../../fields/output';
import {
	groupBy,
	maxRead,
	summaryOutput,
	summaryPeriod,
	type Period,
	type SummaryKey,
} from '../../../fields/summary';
import type { Item, ItemResult } from '../../../host/item';
import { toJson } from '../../../shared/api/json';
import { entriesOf } from '../../../shared/api/pages';
import { PREDICTION_SHAPE, type Prediction } from '../../../shared/api/shapes';
import { dayIn, Summary, type GroupKey } from '../../../shared/predictions/summary';
import { summaryCsv } from '../../../shared/predictions/summaryCsv';

const show = { resource: ['prediction'], operation: ['summarize'] };

export const description: INodeProperties[] = [
	...summaryPeriod.properties(show),
	groupBy.at(show),
	summaryOutput.at(show),
	{ ...binaryField.at({ ...show, output: ['file'] }), hint: undefined },
	optionsProperty([modelPrices.field, maxRead], show),
];

/** Sums what the account's predictions of a period used and cost. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const period = summaryPeriod.read(item, new Date());
	const keys = groupBy.read(item);
	const output = summaryOutput.read(item);
	const field = binaryField.read(item);
	const prices = modelPrices.read(item);
	const limit = maxRead.read(item);
	const summary = new Summary({
		keyOf: keyBy(keys, dayIn(item.run.timeZone)),
		pricesOf: prices.areGiven ? prices.of : undefined,
	});
	const isPartial = await readInto(summary, item, period, limit);
	if (isPartial) item.warn([partialWords(limit)]);
	const of = {
		from: period.from ?? null,
		to: period.to,
		...(isPartial ? { isPartial } : {}),
	};
	const groups = summary.byGroup;
	if (output === 'items') return groups.map((group) => ({ json: { ...group, ...of } }));
	const csv = Buffer.from(summaryCsv(keys, groups));
	const file = await item.run.host.keep(csv, fileName(period), 'text/csv');
	const json = toJson({ ...summary.all, ...of, groups });
	return [{ json, binary: { [field]: file } }];
}

/** Reads the account's list page by page, the newest first; no page is kept. Whether there is more. */
async function readInto(
	summary: Summary,
	{ client, signal }: Item,
	{ from, to }: Period,
	limit: number,
): Promise<boolean> {
	const query = { created_after: from, created_before: to };
	for await (const one of entriesOf(client, '/predictions', PREDICTION_SHAPE, { query, signal })) {
		if (summary.count >= limit) return true;
		summary.add(one);
	}
	return false;
}

function keyBy(keys: SummaryKey[], dayOf: (time: string) => string) {
	return ({ model, status, created_at: createdAt }: Prediction): GroupKey => ({
		...(keys.includes('day') ? { day: createdAt ? dayOf(createdAt) : 'unknown' } : {}),
		...(keys.includes('model') ? { model: model ?? null } : {}),
		...(keys.includes('status') ? { status } : {}),
	});
}

function fileName({ from, to }: Period): string {
	const day = (time: string) => time.slice(0, 10);
	return `replicate-${from === undefined ? 'until' : day(from)}-${day(to)}.csv`;
}

function partialWords(limit: number): string {
	return `The period has more than ${limit.toLocaleString('en')} predictions, and only the newest of them were summed. Raise ${maxRead.label}, or choose a shorter period.`;
}
