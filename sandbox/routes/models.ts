import type { FastifyInstance } from 'fastify';
import { versionOf, type SandboxModel } from '../models/model';
import { pageOf } from '../pages';
import { notFound, Problem } from '../problems';
import { ownerOf, type Api } from './api';

/** When the sandbox's own models were made. */
const CREATED_AT = '2026-01-01T00:00:00.000Z';
/** Models on a page (recordings: about 25). */
const PAGE_SIZE = 25;

/** Account and its webhook secret, models, their versions, examples and READMEs. */
export function modelRoutes(server: FastifyInstance, api: Api): void {
	server.get('/v1/account', async (request) => {
		const username = ownerOf(api, request);
		return { type: 'user', username, name: username, avatar_url: '', github_url: '' };
	});

	server.get('/v1/webhooks/default/secret', async (request) => {
		ownerOf(api, request);
		return { key: api.webhooks.key };
	});

	server.get<{ Querystring: ListQuery }>('/v1/models', async (request) => {
		ownerOf(api, request);
		const { sort_by: by, sort_direction: direction } = request.query;
		const time = (model: SandboxModel) =>
			by === 'model_created_at' ? createdAt(model) : versionCreatedAt(model);
		const sorted = [...(await api.catalogue.all())].sort((one, other) =>
			direction === 'asc'
				? time(one).localeCompare(time(other))
				: time(other).localeCompare(time(one)),
		);
		const page = pageOf(sorted, PAGE_SIZE, `${api.baseUrl}/models`, request.query);
		return { ...page, results: page.results.map((model) => modelJson(model)) };
	});

	server.get<{ Params: Params }>('/v1/models/:owner/:name', async (request) => {
		ownerOf(api, request);
		return modelJson(await findModel(api, request.params));
	});

	server.get<{ Params: Params; Querystring: ListQuery }>(
		'/v1/models/:owner/:name/versions',
		async (request) => {
			ownerOf(api, request);
			const model = await findModel(api, request.params);
			if (model.official) {
				throw new Problem(404, {
					status: 404,
					title: 'Not found',
					detail: 'This model is an official model and does not expose a list of versions.',
				});
			}
			const url = `${api.baseUrl}/models/${model.owner}/${model.name}/versions`;
			return pageOf([versionJson(model)], PAGE_SIZE, url, request.query);
		},
	);

	server.get<{ Params: Params & { id: string } }>(
		'/v1/models/:owner/:name/versions/:id',
		async (request) => {
			ownerOf(api, request);
			const model = await findModel(api, request.params);
			if (model.official || versionOf(model) !== request.params.id) throw notFound();
			return versionJson(model);
		},
	);

	server.get<{ Params: Params; Querystring: ListQuery }>(
		'/v1/models/:owner/:name/examples',
		async (request) => {
			ownerOf(api, request);
			const model = await findModel(api, request.params);
			const example = model.details?.example;
			const url = `${api.baseUrl}/models/${model.owner}/${model.name}/examples`;
			return pageOf(example ? [example] : [], PAGE_SIZE, url, request.query);
		},
	);

	server.get<{ Params: Params }>('/v1/models/:owner/:name/readme', async (request, reply) => {
		ownerOf(api, request);
		const { owner, name, description } = await findModel(api, request.params);
		if (description === '') throw notFound();
		return await reply.type('text/plain').send(`# ${owner}/${name}\n\n${description}\n`);
	});
}

interface Params {
	owner: string;
	name: string;
}

interface ListQuery {
	cursor?: string;
	sort_by?: string;
	sort_direction?: string;
	[key: string]: string | undefined;
}

/** @throws Problem 404 */
export async function findModel(api: Api, { owner, name }: Params): Promise<SandboxModel> {
	const model = await api.catalogue.find(owner, name);
	if (!model) throw notFound();
	return model;
}

function createdAt({ details }: SandboxModel): string {
	return details?.createdAt ?? CREATED_AT;
}

function versionCreatedAt({ details }: SandboxModel): string {
	return details?.versionCreatedAt ?? CREATED_AT;
}

/** A model as the API shows it; a search hit has no example, and an empty schema. */
export function modelJson(model: SandboxModel, { isHit = false } = {}): object {
	const { owner, name, description, official, details } = model;
	const version = versionJson(model);
	return {
		url: `https://replicate.com/${owner}/${name}`,
		owner,
		name,
		description,
		visibility: 'public',
		is_official: official,
		github_url: details?.githubUrl ?? null,
		paper_url: details?.paperUrl ?? null,
		license_url: details?.licenseUrl ?? null,
		run_count: details?.runCount ?? 0,
		cover_image_url: details?.coverImageUrl ?? null,
		default_example: isHit ? null : (details?.example ?? null),
		latest_version: isHit ? { ...version, openapi_schema: {} } : version,
		created_at: createdAt(model),
	};
}

function versionJson(model: SandboxModel): object {
	return {
		id: versionOf(model),
		created_at: versionCreatedAt(model),
		cog_version: model.details?.cogVersion ?? '0.16.0',
		openapi_schema: {
			openapi: '3.0.2',
			info: { title: 'Cog', version: '0.1.0' },
			components: { schemas: model.schemas },
		},
	};
}
