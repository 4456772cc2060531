/**
 * Our own time, in ms since 1970, by a clock that nobody can set: it is read once, when the process
 * starts, and only ticks from then on. Every time limit goes by it, so that a machine whose time is
 * corrected ends no wait too early or too late. For a date that is shown or kept, use `Date`.
 */
export function now(): number {
	return performance.timeOrigin + performance.now();
}
