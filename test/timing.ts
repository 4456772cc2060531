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

/** The beat in which this process counts time, in ms. */
const BEAT_MS = 50;

/**
 * Waits for so many ms in which this process could do something: a beat that comes late, because the
 * machine or the process is busy, counts as one.
 */
export async function patience(ms: number, signal?: AbortSignal): Promise<void> {
	for (let passed = 0; passed < ms; passed += BEAT_MS)
		await sleep(Math.min(BEAT_MS, ms - passed), undefined, { signal });
}

/** Beats after which `calm` lets go on a machine that is never calm. */
const MAX_BEATS = 40;

/**
 * Waits for a moment in which this process keeps up: a beat that comes on time. What is begun only then
 * has the time that it needs before a real time limit, also on a slow machine.
 */
export async function calm(): Promise<void> {
	for (let beats = 0; beats < MAX_BEATS; beats++) {
		const began = performance.now();
		await sleep(BEAT_MS);
		if (performance.now() - began < 1.5 * BEAT_MS) return;
	}
}

/**
 * Says which comes first: something, or so much patience. What delays the one delays the other.
 *
 * @param ms of `patience`
 */
export async function endsBefore(ms: number, something: Promise<unknown>): Promise<boolean> {
	const timer = new AbortController();
	const isLate = patience(ms, timer.signal).catch(() => undefined);
	const hasEnded = something.then(
		() => true,
		() => true,
	);
	const isFirst = await Promise.race([hasEnded, isLate.then(() => false)]);
	timer.abort();
	return isFirst;
}
