import type { FastifyInstance } from 'fastify';
import { versionOf, type SandboxModel } from '../models/model';
import { notFound, Problem } from '../problems';
import { ownerOf, type Api } from './api';

/** When the sandbox's models were made. */
const CREATED_AT = '2026-01-01T00:00:00.000Z';

/** Account, models and versions. */
export function modelRoutes(server: FastifyInstance, api: Api): void {
	server.get('/v1/account', async (request) => {
		const username = ownerOf(api, request);
		return { type: 'user', username, name: username, avatar_url: '', github_url: '' };
	});

	server.get<{ Params: Params }>('/v1/models/:owner/:name', async (request) => {
		ownerOf(api, request);
		return modelJson(findModel(api, request.params));
	});

	server.get<{ Params: Params }>('/v1/models/:owner/:name/versions', async (request) => {
		ownerOf(api, request);
		const model = findModel(api, request.params);
		if (model.official) {
			throw new Problem(404, {
				status: 404,
				title: 'Not found',
				detail: 'This model is an official model and does not expose a list of versions.',
			});
		}
		return { previous: null, next: null, results: [versionJson(model)] };
	});

	server.get<{ Params: Params & { id: string } }>(
		'/v1/models/:owner/:name/versions/:id',
		async (request) => {
			ownerOf(api, request);
			const model = findModel(api, request.params);
			if (model.official || versionOf(model) !== request.params.id) throw notFound();
			return versionJson(model);
		},
	);
}

interface Params {
	owner: string;
	name: string;
}

/** @throws Problem 404 */
export function findModel(api: Api, { owner, name }: Params): SandboxModel {
	const model = api.models.find((one) => one.owner === owner && one.name === name);
	if (!model) throw notFound();
	return model;
}

function modelJson(model: SandboxModel): object {
	const { owner, name, description, official } = model;
	return {
		url: `https://replicate.com/${owner}/${name}`,
		owner,
		name,
		description,
		visibility: 'public',
		is_official: official,
		github_url: null,
		paper_url: null,
		license_url: null,
		run_count: 0,
		cover_image_url: null,
		default_example: null,
		latest_version: versionJson(model),
		created_at: CREATED_AT,
	};
}

function versionJson(model: SandboxModel): object {
	return {
		id: versionOf(model),
		created_at: CREATED_AT,
		cog_version: '0.16.0',
		openapi_schema: {
			openapi: '3.0.2',
			info: { title: 'Cog', version: '0.1.0' },
			components: { schemas: model.schemas },
		},
	};
}
