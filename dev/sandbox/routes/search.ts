import type { FastifyInstance } from 'fastify';
import { isLanguageModel } from '../models/language';
import type { SandboxModel } from '../models/model';
import { pageOf } from '../pages';
import { notFound, Problem } from '../problems';
import { ownerOf, type Api } from './api';
import { hitJson, modelsJson } from './models';

/** Bounds of `limit` (OpenAPI document, `GET /search`). */
const LIMIT = { usual: 20, max: 50 };

interface Collection {
	name: string;
	slug: string;
	description: string;
}

const COLLECTIONS: Array<[Collection, has: (model: SandboxModel) => boolean]> = [
	[
		{
			name: 'Official models',
			slug: 'official',
			description: 'Models that are always warm and priced by their output',
		},
		({ official }) => official,
	],
	[
		{
			name: 'Language models',
			slug: 'language-models',
			description: 'Models that understand and write text',
		},
		isLanguageModel,
	],
];

/** Search and collections. */
export function searchRoutes(server: FastifyInstance, api: Api): void {
	server.get<{ Querystring: { query?: string; limit?: string } }>('/v1/search', async (request) => {
		ownerOf(api, request);
		const { query = '', limit } = request.query;
		if (query.trim() === '') {
			throw new Problem(400, { detail: 'Query parameter "query" is required' });
		}
		const count = Math.min(Math.max(Number(limit ?? LIMIT.usual) || LIMIT.usual, 1), LIMIT.max);
		const found = api.catalogue.search(query, count);
		return {
			query,
			models: found.map((model) => ({
				// As in the documented sample: hits have no example, and their schema is empty.
				model: hitJson(model),
				metadata: { generated_description: null, tags: [], score: null },
			})),
			collections: [],
			pages: [],
		};
	});

	server.get<{ Querystring: { cursor?: string } }>('/v1/collections', async (request) => {
		ownerOf(api, request);
		const all = COLLECTIONS.map(([collection]) => collection);
		return pageOf(all, 25, `${api.baseUrl}/collections`, request.query);
	});

	server.get<{ Params: { slug: string } }>('/v1/collections/:slug', async (request) => {
		ownerOf(api, request);
		const found = COLLECTIONS.find(([{ slug }]) => slug === request.params.slug);
		if (!found) throw notFound();
		const [collection, has] = found;
		const models = api.catalogue.all().filter((model) => has(model));
		return {
			...collection,
			full_description: null,
			models: await modelsJson(api, models),
		};
	});
}
