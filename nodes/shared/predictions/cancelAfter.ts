import { randomInt } from 'node:crypto';
import type { Prediction } from '../api/shapes';

/** Bounds of `Cancel-After`, in s (OpenAPI document; docs, prediction lifecycle). */
const BOUNDS_S = { min: 5, max: 86_400 };
/** How much later than our own time limit Replicate's may strike, in s. */
const MARGIN_S = 15;
/** In how many ways a create can be marked, each a second apart. */
const MARKS = 30;

/** How much later than the time limit Replicate itself cancels at the latest, in s. */
export const MAX_MARGIN_S = MARGIN_S + MARKS - 1;

/**
 * The `Cancel-After` of one create. It is up to half a minute longer than it needs to be, by a chance
 * of its own, because the list shows it as `deadline`: it tells this create from an equal one that
 * another process has sent at the same time.
 *
 * @param timeoutSeconds the time limit of the prediction, in s
 * @returns whole seconds
 */
export function cancelAfterOf(timeoutSeconds: number): number {
	const { min, max } = BOUNDS_S;
	const wanted = Math.max(Math.ceil(timeoutSeconds) + MARGIN_S, min);
	return Math.min(wanted, max - MARKS + 1) + randomInt(MARKS);
}

/**
 * Whether a listed prediction has the deadline that a create asked for, as far as the list shows one.
 * How exactly Replicate counts it is not documented, so it may be less than a second off.
 *
 * @param cancelAfterSeconds as it was sent; `undefined` for a create without a limit
 */
export function mayHaveDeadline(
	{ created_at: createdAt, deadline }: Prediction,
	cancelAfterSeconds: number | undefined,
): boolean {
	const seconds = (Date.parse(deadline ?? '') - Date.parse(createdAt ?? '')) / 1_000;
	if (Number.isNaN(seconds)) return true;
	return cancelAfterSeconds !== undefined && Math.abs(seconds - cancelAfterSeconds) < 1;
}
