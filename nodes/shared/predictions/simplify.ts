import type { JsonObject, JsonValue } from '../api/json';
import type { Prediction } from '../api/shapes';
import { errorText, isPending } from './status';
import { progressJson } from './progress';
import { shortAddress, type CollectedOutput } from '../outputs/collect';

/**
 * The short JSON of a prediction. `output` keeps the API's shape with its URLs; a data URI whose
 * bytes became binary data is shortened. `errorMessage` is there only for one that failed, `progress`
 * only for one that is still running and has a log.
 */
export function simplified(prediction: Prediction, collected: CollectedOutput): JsonObject {
	const { id, status, model, version, metrics, created_at, completed_at, urls } = prediction;
	const error = errorText(prediction);
	return {
		id,
		status,
		model: model ?? null,
		version: version ?? null,
		output: withoutKept(prediction.output, collected.kept) ?? null,
		...(collected.text === undefined ? {} : { text: collected.text }),
		files: collected.files,
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
	if (kept.size === 0) return value;
	if (typeof value === 'string') return kept.has(value) ? shortAddress(value) : value;
	if (Array.isArray(value)) return value.map((element) => withoutKept(element, kept)!);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, member]) => [key, withoutKept(member, kept)!]),
	);
}
