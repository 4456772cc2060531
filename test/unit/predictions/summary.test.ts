import type { Prediction } from '../../../nodes/shared/api/shapes';
import type { Price } from '../../../nodes/shared/predictions/cost';
import { dayIn, Summary, type GroupKey } from '../../../nodes/shared/predictions/summary';
import { summaryCsv } from '../../../nodes/shared/predictions/summaryCsv';

const PRICES: Record<string, Price[]> = {
	'a/images': [{ unit: 'image', metric: '', usd: 0.003 }],
	'a/time': [{ unit: 'second', metric: '', usd: 0.000_225 }],
};

function prediction(
	model: string | null,
	metrics: Record<string, number> = {},
	more: Partial<Prediction> = {},
): Prediction {
	return { id: 'a', status: 'succeeded', model, metrics, ...more } as Prediction;
}

function summaryOf(predictions: Prediction[], keyOf: (one: Prediction) => GroupKey, priced = true) {
	const summary = new Summary({
		keyOf,
		...(priced ? { pricesOf: (model: string) => PRICES[model] ?? [] } : {}),
	});
	for (const one of predictions) summary.add(one);
	return summary;
}

const byModel = ({ model }: Prediction): GroupKey => ({ model: model ?? null });

describe('a summary of predictions', () => {
	it('sums by group: counts, seconds, metrics and cost in whole millionths', () => {
		const images = Array.from({ length: 3 }, () =>
			prediction('a/images', { predict_time: 0.1, image_count: 1, tokens_per_second: 7 }),
		);
		const failed = prediction('a/time', { predict_time: 2 }, { status: 'failed' });
		const { byGroup, all } = summaryOf([failed, ...images], byModel);
		expect(byGroup).toEqual([
			{
				model: 'a/images',
				predictions: 3,
				statuses: { succeeded: 3 },
				predictSeconds: 0.3,
				metrics: { image_count: 3 },
				cost: { usd: 0.009 },
			},
			{
				model: 'a/time',
				predictions: 1,
				statuses: { failed: 1 },
				predictSeconds: 2,
				metrics: {},
				cost: { usd: 0.000_45 },
			},
		]);
		expect(all).toMatchObject({ predictions: 4, cost: { usd: 0.009_45 } });
	});

	it.each<[string, Prediction[], object]>([
		[
			'has no price',
			[prediction('b/c', { predict_time: 1 })],
			{ usd: null, unpriced: ['predict_time'], isLowerBound: true },
		],
		[
			'is still running',
			[prediction('a/time', {}, { status: 'processing' })],
			{ usd: null, isLowerBound: true },
		],
		[
			'is known in part',
			[prediction('a/time', { predict_time: 1 }), prediction('a/time', {}, { status: 'starting' })],
			{ usd: 0.000_225, isLowerBound: true },
		],
		['never began', [prediction('a/time', {}, { status: 'aborted' })], { usd: 0 }],
		['says nothing', [prediction('a/time')], { usd: null, isLowerBound: true }],
	])('is never 0 by ignorance: what %s', (_what, predictions, cost) => {
		expect(summaryOf(predictions, byModel).all.cost).toEqual(cost);
	});

	it('says nothing of cost where no prices are given', () => {
		expect(summaryOf([prediction('a/time')], byModel, false).all).not.toHaveProperty('cost');
	});

	it('is one group without a key, and of nothing no group', () => {
		expect(summaryOf([prediction('a/time'), prediction(null)], () => ({})).byGroup).toHaveLength(1);
		const { byGroup, all } = summaryOf([], byModel);
		expect([byGroup, all]).toEqual([
			[],
			{ predictions: 0, statuses: {}, predictSeconds: 0, metrics: {}, cost: { usd: 0 } },
		]);
	});

	it('has the days in order, and within each the most predictions first', () => {
		const of = (day: string, model: string) => ({ ...prediction(model), day }) as Prediction;
		const { byGroup } = summaryOf(
			[of('2', 'a'), of('1', 'a'), of('1', 'b'), of('1', 'b')],
			(one) => ({ day: (one as unknown as { day: string }).day, model: one.model ?? null }),
		);
		expect(byGroup.map(({ day, model }) => `${day}${model}`)).toEqual(['1b', '1a', '2a']);
	});
});

describe('the day of a time', () => {
	it.each([
		['UTC', '2026-01-31T23:30:00Z', '2026-01-31'],
		['Europe/Berlin', '2026-01-31T23:30:00Z', '2026-02-01'],
		['America/New_York', '2026-01-01T02:00:00Z', '2025-12-31'],
		['No/Where', '2026-01-31T23:30:00Z', '2026-01-31'],
	])('in %s: of %s it is %s', (zone, time, day) => {
		expect(dayIn(zone)(time)).toBe(day);
	});
});

describe('a summary as CSV', () => {
	it('has a column for each status and metric, and quotes what needs it', () => {
		const { byGroup } = summaryOf(
			[
				prediction('a/images', { image_count: 2, predict_time: 1 }),
				prediction('a, "b"', { video_duration_seconds: 3 }, { status: 'failed' }),
			],
			byModel,
		);
		expect(summaryCsv(['model'], byGroup)).toBe(
			[
				'model,predictions,failed,succeeded,predict_seconds,image_count,video_duration_seconds,usd,usd_is_lower_bound,without_price',
				'a/images,1,0,1,1,2,0,0.006,no,',
				'"a, ""b""",1,1,0,0,0,3,,yes,video_duration_seconds',
				'',
			].join('\r\n'),
		);
	});

	it.each(['=1+1', '+1', '-1', '@a', '\tx'])('has nothing that a spreadsheet runs: %j', (model) => {
		const { byGroup } = summaryOf([prediction(model)], byModel, false);
		expect(summaryCsv(['model'], byGroup).split('\r\n')[1]).toMatch(/^"?'/);
	});

	it('is its head where there is no group', () => {
		expect(summaryCsv(['day', 'model'], [])).toBe('day,model,predictions,predict_seconds\r\n');
	});
});
