import { after, afterAbout } from '../../../nodes/shared/api/timer';

describe('waiting without a timer of Node’s', () => {
	/** Starts a wait with a clock that stands still, and gives the timers that it takes, in ms. */
	const timers: Array<{ ms: number; end: () => void }> = [];
	let clock = 0;
	beforeEach(() => {
		timers.length = 0;
		clock = 1_000_000 * Math.ceil(Math.random() * 1_000_000) - performance.timeOrigin;
		jest.spyOn(performance, 'now').mockImplementation(() => clock);
		jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
			const controller = new AbortController();
			timers.push({ ms, end: () => controller.abort('time') });
			return controller.signal;
		});
	});
	afterEach(() => jest.restoreAllMocks());

	const counted = () => {
		const call = jest.fn();
		return { call, calls: () => call.mock.calls.length };
	};

	it('ends when its time is up, and not when it was taken back', () => {
		const [one, other] = [counted(), counted()];
		after(10.2, one.call);
		after(10, other.call)();
		for (const { end } of timers) end();
		expect([one.calls(), other.calls()]).toEqual([1, 0]);
		expect(timers.map(({ ms }) => ms)).toEqual([11, 10]);
	});

	it('shares a timer with others that end within a quarter of a second', () => {
		const all = [counted(), counted(), counted(), counted()] as const;
		afterAbout(30_000, all[0].call);
		clock += 1;
		const takeBack = afterAbout(30_000, all[1].call);
		afterAbout(30_000, all[2].call);
		clock += 249;
		afterAbout(30_000, all[3].call);
		expect(timers.map(({ ms }) => ms)).toEqual([30_000, 30_249]);
		takeBack();
		timers[0]!.end();
		expect(all.map(({ calls }) => calls())).toEqual([1, 0, 0, 0]);
		timers[1]!.end();
		expect(all.map(({ calls }) => calls())).toEqual([1, 0, 1, 1]);
	});

	it('is never early, and a short one is exact', () => {
		clock += 100;
		afterAbout(5_000, () => undefined);
		afterAbout(4_999, () => undefined);
		expect(timers.map(({ ms }) => ms)).toEqual([5_150, 4_999]);
	});

	it('calls each that waits, also the same function twice', () => {
		const { call, calls } = counted();
		afterAbout(60_000, call);
		afterAbout(60_000, call);
		timers[0]!.end();
		expect(calls()).toBe(2);
		afterAbout(60_000, call);
		expect(timers).toHaveLength(2);
	});
});
