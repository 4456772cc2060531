import { cancelAfterOf, mayHaveDeadline } from '../../../nodes/shared/predictions/cancelAfter';

/** The seconds that creates of one time limit ask for. */
const asked = (timeoutSeconds: number): number[] => [
	...new Set(Array.from({ length: 2_000 }, () => cancelAfterOf(timeoutSeconds))),
];

describe('the time after which Replicate itself cancels', () => {
	it.each([1, 0.2, 60, 3_600])('is 15 to 44 s after a time limit of %d s', (timeoutSeconds) => {
		const seconds = asked(timeoutSeconds);
		expect(Math.min(...seconds)).toBe(Math.ceil(timeoutSeconds) + 15);
		expect(Math.max(...seconds)).toBe(Math.ceil(timeoutSeconds) + 44);
	});

	it('is one of thirty, so that the list tells equal creates apart', () => {
		expect(asked(60)).toHaveLength(30);
	});

	it.each([86_380, 86_400, 1e9])('is at most a day, and still one of thirty: %d s', (limit) => {
		const seconds = asked(limit);
		expect(Math.max(...seconds)).toBe(86_400);
		expect(seconds).toHaveLength(30);
	});
});

describe('a listed prediction', () => {
	const listed = (deadline?: string | null) =>
		({ id: 'a', created_at: '2026-11-01T00:00:00.400Z', deadline }) as never;

	it.each([
		['the deadline that was asked for', '2026-11-01T00:00:20.400Z', 20, true],
		['it, counted to the second', '2026-11-01T00:00:20Z', 20, true],
		['that of another create', '2026-11-01T00:00:21.400Z', 20, false],
		['one, where none was asked for', '2026-11-01T00:00:20.400Z', undefined, false],
		['none that the list shows', undefined, 20, true],
		['none, and none was asked for', null, undefined, true],
	])('may be a create’s with %s', (_what, deadline, seconds, may) => {
		expect(mayHaveDeadline(listed(deadline), seconds)).toBe(may);
	});
});
