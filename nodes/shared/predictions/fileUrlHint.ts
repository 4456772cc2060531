import type { JsonValue, Prediction } from '../api/types';

/** How models, and the vendors behind them, say that they could not read an input file. */
const UNREADABLE = [
	/\b(?:401|403)\b|unauthori[sz]ed|forbidden/i,
	/(?:fail(?:ed|s|ure)?|unable|could ?n.t|could not|cannot|can.t) (?:to )?(?:load|download|fetch|open|read|decode|identify|access|process|retrieve)/i,
	/(?:invalid|unsupported|unrecognized|not a valid) (?:image|video|audio|file|media|mime|content|url|input)/i,
	/application\/(?:json|octet-stream)/i,
];

/**
 * What to try when a model failed because it could not read a file of the Files API. Such URLs need
 * the token, so a model that hands them on to another vendor cannot be served by them.
 *
 * @param error   the model's own words
 * @param baseUrl the API below whose `/files/` uploads lie
 */
export function fileUrlHint(
	{ input }: Prediction,
	error: string | undefined,
	baseUrl: URL,
): string | undefined {
	const files = `${baseUrl.href.replace(/\/$/, '')}/files/`;
	if (!error || !holds(input ?? null, files)) return undefined;
	if (!error.includes(files) && !UNREADABLE.some((words) => words.test(error))) return undefined;
	return 'Perhaps this model cannot read uploaded files: set Options → Send Files As to Data URI (up to 10 MB) or Public URL, or give the input a URL that everybody can read.';
}

function holds(value: JsonValue, beginning: string): boolean {
	if (typeof value === 'string') return value.startsWith(beginning);
	if (typeof value !== 'object' || value === null) return false;
	return Object.values(value).some((member) => holds(member, beginning));
}
