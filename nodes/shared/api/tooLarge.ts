import { ApiError } from './errors';
import { errorFromNetwork, TOO_LARGE } from './networkError';

/**
 * The most that is read of a response, in bytes. As JSON it takes several times as much memory; files
 * do not come this way.
 */
export const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;

/** The id at the beginning of an object, before anything that is nested. */
const ID_FIRST = /^\s*\{[^{}[\]]{0,1000}?"id"\s{0,8}:\s{0,8}"([\w-]{1,64})"/;

/**
 * The error for a response that is too large to be read. The request was accepted; trying again cannot
 * help. Its body has the id, where the beginning of the response says it.
 *
 * @param origin    of the server
 * @param beginning of the response
 */
export function tooLarge(origin: string, beginning: string): ApiError {
	const { message, facts, failure } = errorFromNetwork(origin, TOO_LARGE, true, true);
	const id = ID_FIRST.exec(beginning)?.[1];
	return new ApiError(message, facts, failure, id === undefined ? undefined : { id });
}

/** Whether an error is that of a response that is too large to be read. */
export function isTooLarge(error: unknown): error is ApiError {
	if (!(error instanceof ApiError)) return false;
	return error.failure.kind === 'network' && error.failure.code === TOO_LARGE;
}
