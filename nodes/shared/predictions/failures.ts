import type { JsonValue } from '../api/json';
import type { Prediction } from '../api/shapes';
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
 * A code where Replicate writes it: in brackets at the end of the text, with a second one behind it at
 * times. Inside a sentence of the model's own it means something else, such as the name of a style.
 */
function coded(codes: string, sentence?: RegExp): RegExp {
	const atEnd = `\\((?:${codes})\\)(?: \\(\\w+\\))?[.\\s]*$`;
	return new RegExp(sentence ? `${atEnd}|${sentence.source}` : atEnd, 'i');
}

/**
 * Failures by their text; the first that matches counts. The codes in the patterns are Replicate's
 * (docs, error codes) and those of official models that run at another vendor (E001 to E005, seen in
 * production).
 */
export const FAILURES: Failure[] = [
	{
		code: 'safetyCheck',
		pattern: coded(
			'E005',
			/flagged as sensitive|nsfw|safety (?:checker|system|filter)|content policy/,
		),
		message: 'The model’s safety check refused the input or the result',
	},
	{
		code: 'vendorNoCredit',
		pattern: coded('E001'),
		message: 'The vendor behind this model has run out of credit',
	},
	{
		code: 'vendorKeyRefused',
		pattern: coded('E002'),
		message: 'The vendor behind this model refused Replicate’s key',
	},
	{
		code: 'vendorThrottled',
		pattern: coded('E003', /^Service is currently unavailable due to high demand/),
		message: 'The vendor behind this model is limiting requests',
	},
	{
		code: 'vendorUnavailable',
		pattern: coded('E004'),
		message: 'The vendor behind this model is not available right now',
	},
	{
		code: 'outOfMemory',
		pattern: coded('E1001', /out.of.memory|CUDA memory/),
		message: 'The model ran out of memory',
	},
	{
		code: 'startTimedOut',
		pattern: coded('E6716', /^timeout starting prediction/),
		message: 'The model did not start in time',
	},
	{
		code: 'healthCheckFailed',
		pattern: coded('E8765', /^(?:Director: |Prediction failed: )?health ?check failed/),
		message: 'The model’s machine failed its health check',
	},
	{
		code: 'stoppedWhileRunning',
		pattern: coded('E8367'),
		message: 'The prediction was stopped while it ran',
	},
	{
		code: 'notStarted',
		pattern: coded('E9243'),
		message: 'The prediction could not be started',
	},
	{
		code: 'outputNotStored',
		pattern: coded('E9825'),
		message: 'The model could not store its output file',
	},
	{
		code: 'interrupted',
		pattern: coded('code: PA', /^prediction interrupted/),
		message: 'The prediction was interrupted',
	},
	{
		code: 'modelTimedOut',
		pattern: /prediction timed out/i,
		message: 'The model reached Replicate’s own time limit',
	},
	{
		code: 'unknownToReplicate',
		pattern: coded('E1000|E9828', /^Director: unexpected error/),
		message: 'The model failed for a reason that Replicate does not know',
	},
];

/** The words for a model's error text, or `undefined` when it is not a known one. */
export function failureOf(text: string | undefined): Failure | undefined {
	return text === undefined ? undefined : FAILURES.find(({ pattern }) => pattern.test(text));
}

/** How models, and the vendors behind them, say that they could not read an input file. */
const UNREADABLE = [
	/\b(?:401|403)\b|unauthori[sz]ed|forbidden/i,
	/(?:fail(?:ed|s|ure)?|unable|could ?n.t|could not|cannot|can.t) (?:to )?(?:load|download|fetch|open|read|decode|identify|access|process|retrieve)/i,
	/(?:invalid|unsupported|unrecognized|not a valid) (?:image|video|audio|file|media|mime|content|url|input)/i,
	/application\/(?:json|octet-stream)/i,
];

/**
 * Whether a model may have failed because it could not read a file of the Files API. The URL of such a
 * file needs the token, so a model that passes it on to another vendor cannot have it read.
 *
 * @param error   the model's own words
 * @param baseUrl the API's address; uploads are under its `/files/`
 */
export function mayBeUnreadable(
	{ input }: Prediction,
	error: string | undefined,
	baseUrl: URL,
): boolean {
	const files = `${baseUrl.href.replace(/\/$/, '')}/files/`;
	if (!error || !holds(input ?? null, files)) return false;
	return error.includes(files) || UNREADABLE.some((words) => words.test(error));
}

function holds(value: JsonValue, beginning: string): boolean {
	if (typeof value === 'string') return value.startsWith(beginning);
	if (typeof value !== 'object' || value === null) return false;
	return Object.values(value).some((member) => holds(member, beginning));
}
