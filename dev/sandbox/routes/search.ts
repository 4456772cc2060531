import type { FastifyInstance } from 'fastify';
import { pageOf } from '../pages';
import { notFound, Problem } from '../problems';
import { ownerOf, type Api } from './api';
import { modelJson } from './models';

/** Bounds of `limit` (OpenAPI document, `GET /search`). */
const LIMIT = { usual: 20, most: 50 };

const OFFICIAL = {
	name: 'Official models',
	slug: 'official',
	description: 'Models that are always warm and priced by their output',
};

/** Search and collections. */
export function searchRoutes(server: FastifyInstance, api: Api): void {
	server.get<{ Querystring: { query?: string; limit?: string } }>('/v1/search', async (request) => {
		ownerOf(api, request);
		const { query = '', limit } = request.query;
		if (query.trim() === '') {
			throw new Problem(400, { detail: 'Query parameter "query" is required' });
		}
		const count = Math.min(Math.max(Number(limit ?? LIMIT.usual) || LIMIT.usual, 1), LIMIT.most);
		const found = await api.catalogue.search(query, count);
		return {
			query,
			models: found.map((model) => ({
				// As in the documented sample: hits have no example, and their schema is empty.
				model: modelJson(model, { isHit: true }),
				metadata: { generated_description: null, tags: [], score: null },
			})),
			collections: [],
			pages: [],
		};
	});

	server.get<{ Querystring: { cursor?: string } }>('/v1/collections', async (request) => {
		ownerOf(api, request);
		return pageOf([OFFICIAL], 25, `${api.baseUrl}/collections`, request.query);
	});

	server.get<{ Params: { slug: string } }>('/v1/collections/:slug', async (request) => {
		ownerOf(api, request);
		if (request.params.slug !== OFFICIAL.slug) throw notFound();
		const models = (await api.catalogue.all()).filter(({ official }) => official);
		return { ...OFFICIAL, full_description: null, models: models.map((model) => modelJson(model)) };
	});
}
