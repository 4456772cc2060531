import type { JsonValue } from '../api/json';
import type { Prediction } from '../api/shapes';

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
