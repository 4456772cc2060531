import {
	MODEL_SHAPE,
	SEARCH_SHAPE,
	VERSION_SHAPE,
	type Model,
	type ModelVersion,
} from '../api/shapes';
import type { ReplicateClient } from '../api/client';
import { ApiError } from '../api/errors';
import { readPages } from '../api/pages';

/** The most that a search gives (OpenAPI document, `GET /search`). */
export const MAX_SEARCH_RESULTS = 50;

/** Finds models by words. */
export async function searchModels(
	client: ReplicateClient,
	query: string,
	limit: number,
	signal?: AbortSignal,
): Promise<Model[]> {
	const asked = { query, limit: String(Math.min(limit, MAX_SEARCH_RESULTS)) };
	const { models } = await client.get('/search', {
		shape: SEARCH_SHAPE,
		query: asked,
		signal,
	});
	return models.map(({ model }) => model).slice(0, limit);
}

/**
 * The versions of a model, newest first. Official models have none to choose from: for them Replicate
 * returns 404, or an empty list.
 *
 * @throws ApiError when there is no such model
 */
export async function modelVersions(
	client: ReplicateClient,
	model: string,
	limit: number,
	signal?: AbortSignal,
): Promise<ModelVersion[]> {
	const versions = readPages(client, `/models/${model}/versions`, VERSION_SHAPE, limit, {
		signal,
	});
	return await versions.catch(async (error: unknown) => {
		if (!(error instanceof ApiError && error.status === 404)) throw error;
		await client.get(`/models/${model}`, {
			shape: MODEL_SHAPE,
			what: `the model "${model}"`,
			signal,
		});
		return [];
	});
}
