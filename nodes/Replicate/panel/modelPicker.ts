import type { ReplicateClient } from '../../shared/api/client';
import { ApiError } from '../../shared/api/errors';
import { nextQuery } from '../../shared/api/pages';
import { pageOf } from '../../shared/api/shape';
import {
	COLLECTION_SHAPE,
	DEPLOYMENT_SHAPE,
	MODEL_SHAPE,
	PREDICTION_SHAPE,
	type Deployment,
	type Model,
} from '../../shared/api/shapes';

/** Models to choose from when nothing was searched for. */
interface BrowsePage {
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
		return { recent: [], models: results, cursor: cursorOf(next) };
	}
	const [predictions, official] = await Promise.all([
		client.get('/predictions', { shape: pageOf(PREDICTION_SHAPE) }).catch(() => undefined),
		client.get('/collections/official', { shape: COLLECTION_SHAPE }).catch((error: unknown) => {
			// A gateway may not have it; the list of all models then begins at once.
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
	return { deployments: results, cursor: cursorOf(next) };
}

function cursorOf(next: unknown): string | undefined {
	const query = nextQuery(next);
	return query && JSON.stringify(query);
}
