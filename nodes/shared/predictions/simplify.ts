import type { JsonObject, JsonValue } from '../api/json';
import type { Prediction } from '../api/shapes';
import { errorText } from './errorText';
import { isPending } from './status';
import { progressJson } from './progress';
import type { Simplified } from './simplifiedShape';
import { shortAddress, type CollectedOutput } from '../outputs/collect';

/** What Replicate shows as the version of official models. */
const HIDDEN = 'hidden';

/**
 * The short JSON of a prediction. What a builder looks for comes first, because n8n's
 * table begins with it. `output` keeps the API's shape with its URLs; a data URI whose
 * bytes became binary data is shortened. `errorMessage` is there only for one that failed, `progress`
 * only for one that is still running and has a log.
 */
export function simplified(
	prediction: Prediction,
	collected: CollectedOutput,
): Omit<Simplified, 'files'> & JsonObject {
	const { id, status, model, version, metrics, created_at, completed_at, urls } = prediction;
	const error = errorText(prediction);
	return {
		...(collected.text === undefined ? {} : { text: collected.text }),
		output: withoutKept(prediction.output, collected.kept) ?? null,
		files: collected.files,
		id,
		status,
		model: model ?? null,
		version: version === HIDDEN ? null : (version ?? null),
		metrics: metrics ?? {},
		createdAt: created_at ?? null,
		completedAt: completed_at ?? null,
		...(prediction.data_removed ? { dataRemoved: true } : {}),
		webUrl: urls?.web ?? `https://replicate.com/p/${id}`,
		...(error === undefined ? {} : { errorMessage: error }),
		...(isPending(prediction) ? progressJson(prediction) : {}),
	};
}

/** The same with the data URIs shortened that became binary data. */
function withoutKept(
	value: JsonValue | undefined,
	kept: ReadonlySet<string> = new Set(),
): JsonValue | undefined {
	return kept.size === 0 || value === undefined ? value : shortened(value, (one) => kept.has(one));
}

/** An input with its data URIs shortened, which would carry whole files in the item's JSON. */
export function withoutData(input: JsonObject): JsonObject {
	return shortened(input, (one) => one.startsWith('data:')) as JsonObject;
}

function shortened(value: JsonValue, isShortened: (text: string) => boolean): JsonValue {
	if (typeof value === 'string') return isShortened(value) ? shortAddress(value) : value;
	if (Array.isArray(value)) return value.map((element) => shortened(element, isShortened));
	if (typeof value !== 'object' || value === null) return value;
	const members = Object.entries(value).map(([key, member]) => [
		key,
		shortened(member, isShortened),
	]);
	return Object.fromEntries(members) as JsonObject;
}
