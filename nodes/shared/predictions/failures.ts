/** What a model's error text means, in plain words, and what to do next. */
export interface Failure {
	/** How the error text is known. */
	pattern: RegExp;
	/** What happened. */
	message: string;
	/** What to do. */
	advice: string;
}

/**
 * Failures by their text, the first that fits counts. The codes are Replicate's (docs, error codes)
 * and those of official models that hand on to another vendor (E001 to E005, seen in production).
 */
export const FAILURES: Failure[] = [
	{
		pattern: /\bE005\b|flagged as sensitive|nsfw|safety (?:checker|system|filter)|content policy/i,
		message: 'The model’s safety check refused the input or the result',
		advice: 'Change the prompt or the image, or try another seed. The check can err.',
	},
	{
		pattern: /\bE001\b/,
		message: 'The vendor behind this model has run out of credit',
		advice: 'Nothing in your account is wrong. Try later, or choose another model.',
	},
	{
		pattern: /\bE002\b/,
		message: 'The vendor behind this model refused Replicate’s key',
		advice: 'Nothing in your account is wrong. Try later, or choose another model.',
	},
	{
		pattern: /\bE003\b|high demand/i,
		message: 'The vendor behind this model is limiting requests',
		advice: 'Wait a minute and run this item again; lower Options → Concurrency.',
	},
	{
		pattern: /\bE004\b/,
		message: 'The vendor behind this model is not available right now',
		advice: 'Run this item again in a few minutes.',
	},
	{
		pattern: /\bE1001\b|out.of.memory|CUDA memory/i,
		message: 'The model ran out of memory',
		advice: 'Make the input smaller: fewer pixels, seconds, outputs or tokens.',
	},
	{
		pattern: /\bE6716\b|timeout starting prediction/i,
		message: 'The model did not start in time',
		advice: 'It was cold, and its machine took too long. Run this item again.',
	},
	{
		pattern: /\bE8765\b|health ?check failed/i,
		message: 'The model’s machine failed its health check',
		advice: 'Run this item again in a minute.',
	},
	{
		pattern: /\bE8367\b/,
		message: 'The prediction was stopped while it ran',
		advice: 'Somebody cancelled it, or its machine was taken away. Run this item again.',
	},
	{
		pattern: /\bE9243\b/,
		message: 'The prediction could not be started',
		advice: 'Check the inputs against the model’s page, then run this item again.',
	},
	{
		pattern: /\bE9825\b/,
		message: 'The model could not store its output file',
		advice: 'Run this item again.',
	},
	{
		pattern: /\bcode: PA\b|prediction interrupted/i,
		message: 'The prediction was interrupted',
		advice:
			'Run this item again. If it goes on, the data URIs may be too large: set Options → Send Files As to Upload.',
	},
	{
		pattern: /prediction timed out/i,
		message: 'The model reached Replicate’s own time limit',
		advice: 'Make the input smaller. Replicate ends predictions after 30 minutes.',
	},
	{
		pattern: /\bE1000\b|\bE9828\b|Director: unexpected error/i,
		message: 'The model failed for a reason that Replicate does not know',
		advice: 'Run this item again once. If it goes on, change the input or choose another model.',
	},
];

/** The words for a model's error text, or `undefined` when it is not a known one. */
export function failureOf(text: string | undefined): Failure | undefined {
	return text === undefined ? undefined : FAILURES.find(({ pattern }) => pattern.test(text));
}
