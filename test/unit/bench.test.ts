import { calibrate, machineOf } from '../../dev/bench/machine';
import { cpuRatio, figureOf, isOver, medianOf } from '../../dev/bench/statistics';

const times = (cpuMs: number[]) => cpuMs.map((each) => ({ cpuMs: each, ms: 2 * each }));
const steady = (ms: number) => Array.from({ length: 15 }, () => ({ cpuMs: ms, ms: 1.01 * ms }));

describe('a figure of the bench', () => {
	it('has the median, and the same interval for the same values', () => {
		const values = [5, 1, 4, 2, 3, 9, 7, 8, 6];
		const figure = figureOf(values);
		expect(figure).toMatchObject({ median: 5, runs: 9 });
		expect(figure.low).toBeGreaterThan(1);
		expect(figure.low).toBeLessThan(5);
		expect(figure.high).toBeGreaterThan(5);
		expect(figure.high).toBeLessThan(9);
		expect(figureOf([...values])).toEqual(figure);
		expect(medianOf([1, 2, 3, 4])).toBe(2.5);
	});

	it('covers the truth in most samples', () => {
		// Eleven values around 0, from a fixed sequence of numbers between -1 and 1.
		let state = 7;
		const next = () => ((state = (state * 48_271) % 2_147_483_647) / 2_147_483_647) * 2 - 1;
		const samples = Array.from({ length: 60 }, () => Array.from({ length: 11 }, next));
		const covering = samples.map(figureOf).filter(({ low, high }) => low <= 0 && high >= 0);
		expect(covering.length).toBeGreaterThan(0.75 * samples.length);
		expect(covering.length).toBeLessThan(samples.length);
	});

	it('sets runs against those beside them: what slows both down changes nothing', () => {
		const slow = [1, 1, 3, 1, 1, 5, 1, 1, 1];
		const ours = times(slow.map((factor) => 12 * factor));
		const theirs = times(slow.map((factor) => 10 * factor));
		expect(cpuRatio(ours, theirs)).toEqual({
			median: 1.2,
			low: 1.2,
			high: 1.2,
			runs: 9,
			wall: 1.2,
		});
	});

	it('is over its bar when all of its interval is', () => {
		const figure = { median: 1.2, low: 1.1, high: 1.3, runs: 9 };
		expect(isOver(figure, 1.09)).toBe(true);
		expect(isOver(figure, 1.1)).toBe(false);
		expect(isOver(figure, 1.15)).toBe(false);
	});
});

describe('the machine of a bench', () => {
	it('is steady when a fixed piece of work costs the same all the time', () => {
		expect(machineOf(steady(50), steady(52))).toMatchObject({ isSteady: true, startMs: 50 });
	});

	it.each([
		['its speed has changed', steady(50), steady(60)],
		['its pieces differ', steady(50), [...steady(40).slice(5), ...steady(60).slice(5)]],
		['others have its processors', steady(50), steady(50).map((one) => ({ ...one, ms: 90 }))],
	])('is unsteady when %s', (_why, start, end) => {
		const crowded = _why.startsWith('others') ? end : start;
		expect(machineOf(crowded, end).isSteady).toBe(false);
	});

	it('is measured by work that takes time', () => {
		const pieces = calibrate(2);
		expect(Math.min(...pieces.map(({ cpuMs }) => cpuMs))).toBeGreaterThan(1);
	});
});
