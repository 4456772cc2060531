import type { FailureCode } from '../api/errorFacts';

/** What a model's error text means, in plain words. */
export interface Failure {
	code: FailureCode;
	/** How the error text is known. */
	pattern: RegExp;
	/** What happened. */
	message: string;
}

/**
 * Failures by their text; the first that matches counts. The codes in the patterns are Replicate's
 * (docs, error codes) and those of official models that run at another vendor (E001 to E005, seen in
 * production).
 */
export const FAILURES: Failure[] = [
	{
		code: 'safetyCheck',
		pattern: /\bE005\b|flagged as sensitive|nsfw|safety (?:checker|system|filter)|content policy/i,
		message: 'The model’s safety check refused the input or the result',
	},
	{
		code: 'vendorNoCredit',
		pattern: /\bE001\b/,
		message: 'The vendor behind this model has run out of credit',
	},
	{
		code: 'vendorKeyRefused',
		pattern: /\bE002\b/,
		message: 'The vendor behind this model refused Replicate’s key',
	},
	{
		code: 'vendorThrottled',
		pattern: /\bE003\b|high demand/i,
		message: 'The vendor behind this model is limiting requests',
	},
	{
		code: 'vendorUnavailable',
		pattern: /\bE004\b/,
		message: 'The vendor behind this model is not available right now',
	},
	{
		code: 'outOfMemory',
		pattern: /\bE1001\b|out.of.memory|CUDA memory/i,
		message: 'The model ran out of memory',
	},
	{
		code: 'startTimedOut',
		pattern: /\bE6716\b|timeout starting prediction/i,
		message: 'The model did not start in time',
	},
	{
		code: 'healthCheckFailed',
		pattern: /\bE8765\b|health ?check failed/i,
		message: 'The model’s machine failed its health check',
	},
	{
		code: 'stoppedWhileRunning',
		pattern: /\bE8367\b/,
		message: 'The prediction was stopped while it ran',
	},
	{
		code: 'notStarted',
		pattern: /\bE9243\b/,
		message: 'The prediction could not be started',
	},
	{
		code: 'outputNotStored',
		pattern: /\bE9825\b/,
		message: 'The model could not store its output file',
	},
	{
		code: 'interrupted',
		pattern: /\bcode: PA\b|prediction interrupted/i,
		message: 'The prediction was interrupted',
	},
	{
		code: 'modelTimedOut',
		pattern: /prediction timed out/i,
		message: 'The model reached Replicate’s own time limit',
	},
	{
		code: 'unknownToReplicate',
		pattern: /\bE1000\b|\bE9828\b|Director: unexpected error/i,
		message: 'The model failed for a reason that Replicate does not know',
	},
];

/** The words for a model's error text, or `undefined` when it is not a known one. */
export function failureOf(text: string | undefined): Failure | undefined {
	return text === undefined ? undefined : FAILURES.find(({ pattern }) => pattern.test(text));
}
