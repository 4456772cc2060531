import type { FastifyInstance } from 'fastify';
import { pageOf } from '../pages';
import { validBody } from '../validation';
import { ownerOf, type Api } from './api';
import { createPrediction } from './predictions';

/** Deployments on a page. */
const PAGE_SIZE = 25;

/** Deployments: list, get, and running them. */
export function deploymentRoutes(server: FastifyInstance, api: Api): void {
	server.get<{ Querystring: { cursor?: string } }>('/v1/deployments', async (request) => {
		const all = api.deployments.list(ownerOf(api, request));
		const page = pageOf(all, PAGE_SIZE, `${api.baseUrl}/deployments`, request.query);
		return { ...page, results: page.results.map((one) => api.deployments.toJson(one)) };
	});

	server.get<{ Params: Params }>('/v1/deployments/:owner/:name', async (request) => {
		const { owner, name } = request.params;
		return api.deployments.toJson(api.deployments.get(ownerOf(api, request), owner, name));
	});

	server.post<{ Params: Params }>(
		'/v1/deployments/:owner/:name/predictions',
		async (request, reply) => {
			const account = ownerOf(api, request);
			api.createLimit.take();
			const { owner, name } = request.params;
			const { model } = api.deployments.get(account, owner, name);
			const body = validBody(request.body, false);
			const deployment = `${owner}/${name}`;
			return await createPrediction(
				api,
				{ owner: account, model, deployment, body },
				request,
				reply,
			);
		},
	);
}

interface Params {
	owner: string;
	name: string;
}
