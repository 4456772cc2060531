import { ReplicateError } from '../api/errors';
import type { Prediction } from '../api/shapes';
import { isTooLarge, MAX_RESPONSE_BYTES } from '../api/tooLarge';
import type { JobKind } from '../models/jobKind';

/** The limit as `docs/errors.md` gives it. */
const LIMIT = `${MAX_RESPONSE_BYTES / 1024 ** 2} MiB`;

/**
 * The prediction of a create whose response was too large to be read, as far as its beginning tells:
 * it was created, and whether it has ended is still to be read.
 *
 * @returns `undefined` for any other error
 */
export function createdAsFarAsRead(error: unknown): Prediction | undefined {
	const id = isTooLarge(error) ? error.body?.id : undefined;
	if (typeof id !== 'string') return undefined;
	return { id, status: 'processing', urls: { web: pageOf(id) } };
}

/** The error of a prediction that is too large to be read, with its id and its page; any other as it is. */
export function namingRun({ noun }: JobKind, id: string, error: unknown): unknown {
	if (!isTooLarge(error)) return error;
	return new ReplicateError(
		`The ${noun} is too large to be read: Replicate’s response has more than ${LIMIT}`,
		{ code: 'runTooLarge', noun, id },
		{ predictionId: id, webUrl: pageOf(id) },
	);
}

export function isJobTooLarge(error: unknown): boolean {
	return error instanceof ReplicateError && error.code === 'runTooLarge';
}

/** Its page on Replicate’s own site, whatever the API's address is. */
function pageOf(id: string): string {
	return `https://replicate.com/p/${id}`;
}
