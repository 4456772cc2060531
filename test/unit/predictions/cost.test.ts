import { costOf, type Price } from '../../../nodes/shared/predictions/cost';
import { microsOf, moneyText } from '../../../nodes/shared/predictions/money';

const price = (unit: Price['unit'], usd: number, metric = ''): Price => ({ unit, usd, metric });

describe('a cost', () => {
	it.each<[number, number, number, number]>([
		[3, 0.1, 1, 300_000],
		[1.005, 100, 1, 100_500_000],
		[0.000_000_5, 1, 1, 1],
		[0.000_000_499, 1, 1, 0],
		[1, 2.75, 1_000_000, 3],
		[123_456, 0.05, 1_000_000, 6_173],
		[1e12, 1_000, 1_000_000, 1e15],
		[1e-7, 1e-7, 1, 0],
		[0, 5, 1, 0],
	])('of %d at %d per %d is %d whole millionths', (amount, usd, per, micros) => {
		expect(microsOf(amount, usd, per)).toBe(micros);
	});

	it('is shown in dollars, as exactly as it is known', () => {
		expect([0, 225, 1_200_000, 12_345_678_900].map(moneyText)).toEqual([
			'$0.00',
			'$0.000225',
			'$1.20',
			'$12,345.6789',
		]);
	});

	it.each<[string, Record<string, number>, Price[], Array<[string, number]>, string[]]>([
		[
			'time',
			{ predict_time: 2, total_time: 9 },
			[price('second', 0.5)],
			[['predict_time', 1e6]],
			[],
		],
		[
			'the output images where both are said',
			{ image_count: 5, image_output_count: 2 },
			[price('image', 1)],
			[['image_output_count', 2e6]],
			['image_count'],
		],
		[
			'video and audio, and not what goes in',
			{ video_output_duration_seconds: 4, video_input_duration_seconds: 9 },
			[price('mediaSecond', 1)],
			[['video_output_duration_seconds', 4e6]],
			['video_input_duration_seconds'],
		],
		[
			'characters',
			{ character_input_count: 500 },
			[price('thousandCharacters', 2)],
			[['character_input_count', 1e6]],
			[],
		],
		[
			'a metric by its name before a general price',
			{ image_count: 2 },
			[price('image', 1), price('metric', 3, 'image_count')],
			[['image_count', 6e6]],
			[],
		],
		[
			'no time where something else has a price',
			{ predict_time: 2, image_count: 1 },
			[price('image', 1)],
			[['image_count', 1e6]],
			[],
		],
		[
			'time that nothing else explains',
			{ predict_time: 2 },
			[price('image', 1)],
			[],
			['predict_time'],
		],
	])('counts %s', (_what, amounts, prices, parts, unpriced) => {
		const cost = costOf({ amounts }, 'succeeded', prices);
		expect(cost.parts.map(({ metric, micros }) => [metric, micros])).toEqual(parts);
		expect(cost.unpriced).toEqual(unpriced);
		expect(cost.isLowerBound).toBe(unpriced.length > 0);
	});

	it('of what was aborted is nothing, and of what says nothing is not known', () => {
		expect(costOf(undefined, 'aborted', [price('prediction', 1)])).toMatchObject({
			micros: 0,
			isLowerBound: false,
		});
		expect(costOf(undefined, 'failed', [price('second', 1)])).toMatchObject({
			parts: [],
			isLowerBound: true,
		});
	});
});
