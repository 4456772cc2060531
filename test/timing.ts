import { setTimeout as sleep } from 'node:timers/promises';

/*
 * Tests measure no time on the wall: a machine that is busy with something else would fail them. Waits
 * are until something holds, up to jest's limit.
 */

/** CPU time, in ms, that this process spends on something: what else the machine does is not counted. */
export async function cpuMsOf(run: () => unknown): Promise<number> {
	const before = process.cpuUsage();
	await run();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1_000;
}

/** Waits until something holds. */
export async function until(holds: () => unknown): Promise<void> {
	while (!(await holds())) await sleep(10);
}

/**
 * Says which comes first: something, or a timer of this process. A machine that delays the one delays
 * the other.
 *
 * @returns whether it ended before the timer of so many ms did
 */
export async function endsBefore(ms: number, something: Promise<unknown>): Promise<boolean> {
	const timer = new AbortController();
	const isLate = sleep(ms, true, { signal: timer.signal }).catch(() => true);
	const hasEnded = something.then(
		() => true,
		() => true,
	);
	const isFirst = await Promise.race([hasEnded, isLate.then(() => false)]);
	timer.abort();
	return isFirst;
}
