import pMap from 'p-map';
import type { ReplicateClient } from '../api/client';
import { ApiError } from '../api/errors';
import { COLLECTION_SHAPE, MODEL_SHAPE, type Model } from '../api/shapes';
import { searchModels } from '../models/catalog';
import { isLanguageModel } from './languageModel';

/** Replicate's collections that hold language models, with their schemas. */
const COLLECTIONS = ['official', 'language-models'];
/** Hits of a search whose schema is read, because hits come without one. */
const MAX_READ = 15;
/** Schemas that are read at the same time. */
const PARALLEL_READS = 5;

/**
 * Language models, by their schemas: official ones first, then the most used.
 *
 * @param words all of them must be in a model's name, owner or description; empty for all
 * @throws ApiError when Replicate cannot be reached or refuses the token
 */
export async function findLanguageModels(client: ReplicateClient, words: string): Promise<Model[]> {
	const [known, hits] = await Promise.all([
		readCollections(client),
		words === '' ? [] : searchModels(client, words, MAX_READ),
	]);
	const talking = known.filter((model) => holdsAll(model, words) && talks(model));
	const isKnown = ({ owner, name }: Model) =>
		known.some((model) => model.owner === owner && model.name === name);
	const others = await pMap(
		hits.filter((hit) => !isKnown(hit)),
		async ({ owner, name }) => {
			const read = client.get(`/models/${owner}/${name}`, { shape: MODEL_SHAPE });
			const model = await read.catch(() => undefined);
			// As each comes: all schemas at once would hold up n8n.
			return model && talks(model) ? [model] : [];
		},
		{ concurrency: PARALLEL_READS },
	);
	const found = [...talking, ...others.flat()];
	return found.sort(
		(one, other) =>
			Number(other.is_official ?? false) - Number(one.is_official ?? false) ||
			(other.run_count ?? 0) - (one.run_count ?? 0),
	);
}

/** The models of all collections, each once. */
async function readCollections(client: ReplicateClient): Promise<Model[]> {
	const lists = await Promise.all(
		COLLECTIONS.map(async (slug) => {
			const collection = client.get(`/collections/${slug}`, { shape: COLLECTION_SHAPE });
			return await collection.catch((error: unknown) => {
				// A gateway may not have it, and Replicate may rename it.
				if (error instanceof ApiError && error.status === 404) return { models: [] };
				throw error;
			});
		}),
	);
	const models = lists.flatMap((list) => list.models ?? []);
	return [...new Map(models.map((model) => [`${model.owner}/${model.name}`, model])).values()];
}

function talks(model: Model): boolean {
	return !isBase(model) && isLanguageModel(model.latest_version?.openapi_schema);
}

/**
 * A base model goes on with a text and does not answer. Nothing in a schema says so: its name or its
 * description does (all of Replicate's public models, January 2025).
 */
function isBase({ name, description }: Model): boolean {
	return /(?:^|[-_.])base(?:[-_.]|$)/i.test(name) || /\bbase version\b/i.test(description ?? '');
}

function holdsAll({ owner, name, description }: Model, words: string): boolean {
	const text = `${owner}/${name} ${description ?? ''}`.toLowerCase();
	return words
		.toLowerCase()
		.split(/\s+/)
		.every((word) => text.includes(word));
}
