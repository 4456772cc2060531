import type { JsonValue } from '../api/json';
import type { Prediction } from '../api/shapes';
import type { FailureCode } from '../api/errorFacts';

/** What a model's error text means, in plain words. */
export interface Failure {
	code: FailureCode;
	/** Replicate's own codes for it, in capitals. */
	codes?: string[];
	/** Words by which the error text is known, without a code or beside one. */
	pattern?: RegExp;
	/** What happened. */
	message: string;
}

/**
 * A code where Replicate writes it: in brackets at the end of the text, with a second one behind it at
 * times. Inside a sentence of the model's own it means something else, such as the name of a style.
 */
const CODES_AT_END = /\(([\w: ]{1,20})\)(?: \((\w{1,20})\))?[.\s]*$/;

/**
 * Failures by their text; the first that matches counts. The codes in the patterns are Replicate's
 * (docs, error codes) and those of official models that run at another vendor (E001 to E005, seen in
 * production).
 */
export const FAILURES: Failure[] = [
	{
		code: 'safetyCheck',
		codes: ['E005'],
		pattern: /flagged as sensitive|nsfw|safety (?:checker|system|filter)|content policy/i,
		message: 'The model’s safety check refused the input or the result',
	},
	{
		code: 'vendorNoCredit',
		codes: ['E001'],
		message: 'The vendor behind this model has run out of credit',
	},
	{
		code: 'vendorKeyRefused',
		codes: ['E002'],
		message: 'The vendor behind this model refused Replicate’s key',
	},
	{
		code: 'vendorThrottled',
		codes: ['E003'],
		pattern: /^Service is currently unavailable due to high demand/i,
		message: 'The vendor behind this model is limiting requests',
	},
	{
		code: 'vendorUnavailable',
		codes: ['E004'],
		message: 'The vendor behind this model is not available right now',
	},
	{
		code: 'outOfMemory',
		codes: ['E1001'],
		pattern: /out.of.memory|CUDA memory/i,
		message: 'The model ran out of memory',
	},
	{
		code: 'startTimedOut',
		codes: ['E6716'],
		pattern: /^timeout starting prediction/i,
		message: 'The model did not start in time',
	},
	{
		code: 'healthCheckFailed',
		codes: ['E8765'],
		pattern: /^(?:Director: |Prediction failed: )?health ?check failed/i,
		message: 'The model’s machine failed its health check',
	},
	{
		code: 'stoppedWhileRunning',
		codes: ['E8367'],
		message: 'The prediction was stopped while it ran',
	},
	{
		code: 'notStarted',
		codes: ['E9243'],
		message: 'The prediction could not be started',
	},
	{
		code: 'outputNotStored',
		codes: ['E9825'],
		message: 'The model could not store its output file',
	},
	{
		code: 'interrupted',
		codes: ['CODE: PA'],
		pattern: /^prediction interrupted/i,
		message: 'The prediction was interrupted',
	},
	{
		code: 'modelTimedOut',
		pattern: /prediction timed out/i,
		message: 'The model reached Replicate’s own time limit',
	},
	{
		code: 'unknownToReplicate',
		codes: ['E1000', 'E9828'],
		pattern: /^Director: unexpected error/i,
		message: 'The model failed for a reason that Replicate does not know',
	},
];

/** The words for a model's error text, or `undefined` when it is not a known one. */
export function failureOf(text: string | undefined): Failure | undefined {
	if (text === undefined) return undefined;
	const written =
		CODES_AT_END.exec(text)
			?.slice(1)
			.map((code) => code?.toUpperCase()) ?? [];
	const isIt = ({ codes = [], pattern }: Failure) =>
		codes.some((code) => written.includes(code)) || pattern?.test(text);
	return FAILURES.find(isIt);
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
