import type { FastifyInstance } from 'fastify';
import { HARDWARE, type DeploymentSettings } from '../deployments';
import { pageOf } from '../pages';
import { invalidVersion } from '../problems';
import { validBody } from '../bodyValidation';
import { ownerOf, type Api } from './api';
import { createPrediction } from './predictions';

/** Deployments on a page. */
const PAGE_SIZE = 25;

/** Deployments and their hardware. */
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

	server.post<{ Body: NewDeployment }>('/v1/deployments', async (request) => {
		const account = ownerOf(api, request);
		const { name, model, version, ...settings } = request.body;
		const found = api.catalogue.runnable(`${model}:${version}`);
		if (!found) throw invalidVersion();
		return api.deployments.toJson(api.deployments.create(account, name, found, settings));
	});

	server.patch<{ Params: Params; Body: DeploymentSettings }>(
		'/v1/deployments/:owner/:name',
		async (request) => {
			const { owner, name } = request.params;
			const deployment = api.deployments.get(ownerOf(api, request), owner, name);
			return api.deployments.toJson(api.deployments.update(deployment, request.body));
		},
	);

	server.delete<{ Params: Params }>('/v1/deployments/:owner/:name', async (request, reply) => {
		const { owner, name } = request.params;
		api.deployments.delete(api.deployments.get(ownerOf(api, request), owner, name));
		return await reply.code(204).send();
	});

	server.get('/v1/hardware', async (request) => {
		ownerOf(api, request);
		return HARDWARE;
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

interface NewDeployment extends DeploymentSettings {
	name: string;
	model: string;
	version: string;
}

interface Params {
	owner: string;
	name: string;
}
