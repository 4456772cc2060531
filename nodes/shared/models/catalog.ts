import {
	COLLECTION_SHAPE,
	DEPLOYMENT_SHAPE,
	MODEL_SHAPE,
	pageOf,
	PREDICTION_SHAPE,
	SEARCH_SHAPE,
	VERSION_SHAPE,
} from '../api/answers';
import type { ReplicateClient } from '../api/client';
import { ApiError } from '../api/errors';
import { nextQuery, readPages } from '../api/pages';
import type { Deployment, Model, ModelVersion } from '../api/types';

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

/** Models to choose from when nothing was searched for. */
export interface BrowsePage {
	/** `owner/name` of models that the account ran lately, its private ones among them. */
	recent: string[];
	models: Model[];
	/** For the next call. */
	cursor?: string;
}

/**
 * Models to choose from: at first those that the account ran lately and the official ones, the most
 * used first; then all public ones, page by page.
 */
export async function browseModels(client: ReplicateClient, cursor?: string): Promise<BrowsePage> {
	if (cursor !== undefined) {
		const { results, next } = await client.get('/models', {
			shape: pageOf(MODEL_SHAPE),
			query: JSON.parse(cursor) as Record<string, string>,
		});
		return { recent: [], models: results, cursor: cursorOf(next, client) };
	}
	const [predictions, official] = await Promise.all([
		client.get('/predictions', { shape: pageOf(PREDICTION_SHAPE) }).catch(() => undefined),
		client.get('/collections/official', { shape: COLLECTION_SHAPE }).catch((error: unknown) => {
			// A gateway need not have it; the list of all models then begins at once.
			if (error instanceof ApiError && error.status === 404) return { models: [] };
			throw error;
		}),
	]);
	const ran = (predictions?.results ?? []).flatMap(({ model }) => model ?? []);
	const mostUsedFirst = [...(official.models ?? [])].sort(
		(one, other) => (other.run_count ?? 0) - (one.run_count ?? 0),
	);
	return {
		recent: [...new Set(ran)].filter((name) => /^[\w.-]+\/[\w.-]+$/.test(name)),
		models: mostUsedFirst,
		cursor: '{}',
	};
}

/** One page of the account's deployments. */
export async function browseDeployments(
	client: ReplicateClient,
	cursor?: string,
): Promise<{ deployments: Deployment[]; cursor?: string }> {
	const { results, next } = await client.get('/deployments', {
		shape: pageOf(DEPLOYMENT_SHAPE),
		query: JSON.parse(cursor ?? '{}') as Record<string, string>,
	});
	return { deployments: results, cursor: cursorOf(next, client) };
}

/**
 * The versions of a model, newest first. Official models have none to choose from: Replicate answers
 * 404 for them, or an empty list.
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
		await client.get(`/models/${model}`, { what: `the model "${model}"`, signal });
		return [];
	});
}

function cursorOf(next: unknown, client: ReplicateClient): string | undefined {
	const query = nextQuery(next, client.baseUrl);
	return query && JSON.stringify(query);
}
