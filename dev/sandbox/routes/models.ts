import type { FastifyInstance, FastifyRequest } from 'fastify';
import { versionOf, type ExamplePrediction, type SandboxModel } from '../models/model';
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
		const sorted = api.catalogue
			.all()
			.sort((one, other) =>
				direction === 'asc'
					? time(one).localeCompare(time(other))
					: time(other).localeCompare(time(one)),
			);
		const page = pageOf(sorted, PAGE_SIZE, `${api.baseUrl}/models`, request.query);
		return { ...page, results: await modelsJson(api, page.results) };
	});

	server.post<{ Body: NewModel }>('/v1/models', async (request, reply) => {
		const account = ownerOf(api, request);
		const { owner, name, visibility, description, ...page } = request.body;
		const isTaken = api.catalogue.find(owner, name) !== undefined;
		if (owner !== account || isTaken) {
			const detail = isTaken ? 'A model with that name exists already' : 'Invalid owner';
			throw new Problem(422, { title: 'Input validation failed', detail, status: 422 });
		}
		const model = emptyModel(owner, name, description ?? '', visibility, page);
		api.catalogue.own.push(model);
		return await reply.code(201).send(await modelJson(api, model));
	});

	server.patch<{ Params: Params; Body: Record<string, string> }>(
		'/v1/models/:owner/:name',
		async (request) => {
			const model = ownModel(request, request.params);
			const { description, ...page } = request.body;
			model.description = description ?? model.description;
			model.page = { ...model.page, ...page };
			return await modelJson(api, model);
		},
	);

	server.delete<{ Params: Params }>('/v1/models/:owner/:name', async (request, reply) => {
		const model = ownModel(request, request.params);
		if (!model.isEmpty || model.visibility !== 'private') {
			const detail = 'Only private models without versions can be deleted';
			throw new Problem(403, { detail, status: 403 });
		}
		api.catalogue.own.splice(api.catalogue.own.indexOf(model), 1);
		return await reply.code(204).send();
	});

	/** @throws Problem 404 for a model of somebody else */
	function ownModel(request: FastifyRequest, params: Params): SandboxModel {
		const account = ownerOf(api, request);
		if (params.owner !== account) throw notFound();
		return findModel(api, params);
	}

	server.get<{ Params: Params }>('/v1/models/:owner/:name', async (request) => {
		ownerOf(api, request);
		return await modelJson(api, findModel(api, request.params));
	});

	server.get<{ Params: Params; Querystring: ListQuery }>(
		'/v1/models/:owner/:name/versions',
		async (request) => {
			ownerOf(api, request);
			const model = findModel(api, request.params);
			if (model.official) {
				throw new Problem(404, {
					status: 404,
					title: 'Not found',
					detail: 'This model is an official model and does not expose a list of versions.',
				});
			}
			const url = `${api.baseUrl}/models/${model.owner}/${model.name}/versions`;
			const versions = model.isEmpty ? [] : [versionJson(model)];
			return pageOf(versions, PAGE_SIZE, url, request.query);
		},
	);

	server.get<{ Params: Params & { id: string } }>(
		'/v1/models/:owner/:name/versions/:id',
		async (request) => {
			ownerOf(api, request);
			const model = findModel(api, request.params);
			const isThere = !model.official && !model.isEmpty;
			if (!isThere || versionOf(model) !== request.params.id) throw notFound();
			return versionJson(model);
		},
	);

	server.delete<{ Params: Params & { id: string } }>(
		'/v1/models/:owner/:name/versions/:id',
		async (request, reply) => {
			const model = ownModel(request, request.params);
			if (model.isEmpty || versionOf(model) !== request.params.id) throw notFound();
			model.isEmpty = true;
			return await reply.code(202).send();
		},
	);

	server.get<{ Params: Params; Querystring: ListQuery }>(
		'/v1/models/:owner/:name/examples',
		async (request) => {
			ownerOf(api, request);
			const model = findModel(api, request.params);
			const example = await api.examples.of(model);
			const url = `${api.baseUrl}/models/${model.owner}/${model.name}/examples`;
			return pageOf(example ? [example] : [], PAGE_SIZE, url, request.query);
		},
	);

	server.get<{ Params: Params }>('/v1/models/:owner/:name/readme', async (request, reply) => {
		ownerOf(api, request);
		const { owner, name, description, page } = findModel(api, request.params);
		if (description === '' && !page?.readme) throw notFound();
		const text = page?.readme ?? `# ${owner}/${name}\n\n${description}\n`;
		return await reply.type('text/plain').send(text);
	});
}

interface NewModel {
	owner: string;
	name: string;
	visibility: 'public' | 'private';
	description?: string;
	[field: string]: string | undefined;
}

function emptyModel(
	owner: string,
	name: string,
	description: string,
	visibility: 'public' | 'private',
	page: Record<string, string | undefined>,
): SandboxModel {
	return {
		owner,
		name,
		description,
		official: false,
		schemas: { Input: {}, Output: {} },
		visibility,
		page: page as Record<string, string>,
		isEmpty: true,
		run: async () => await Promise.reject(new Error('This model has no version')),
	};
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
export function findModel(api: Api, { owner, name }: Params): SandboxModel {
	const model = api.catalogue.find(owner, name);
	if (!model) throw notFound();
	return model;
}

function createdAt({ details }: SandboxModel): string {
	return details?.createdAt ?? CREATED_AT;
}

function versionCreatedAt({ details }: SandboxModel): string {
	return details?.versionCreatedAt ?? CREATED_AT;
}

/** A model as the API shows it. */
async function modelJson(api: Api, model: SandboxModel): Promise<object> {
	return shownJson(model, await api.examples.of(model), documentOf(model));
}

export async function modelsJson(api: Api, models: SandboxModel[]): Promise<object[]> {
	return await Promise.all(models.map(async (model) => await modelJson(api, model)));
}

/** A model as a search shows it: without its example, and with an empty schema. */
export function hitJson(model: SandboxModel): object {
	return shownJson(model, null, {});
}

function shownJson(
	model: SandboxModel,
	example: ExamplePrediction | null,
	document: object,
): object {
	const { owner, name, description, official, details, page = {} } = model;
	const { readme: _readme, hardware: _hardware, ...shown } = page;
	return {
		url: `https://replicate.com/${owner}/${name}`,
		owner,
		name,
		description,
		visibility: model.visibility ?? 'public',
		is_official: official,
		github_url: details?.githubUrl ?? null,
		paper_url: details?.paperUrl ?? null,
		license_url: details?.licenseUrl ?? null,
		run_count: details?.runCount ?? 0,
		cover_image_url: details?.coverImageUrl ?? null,
		default_example: example,
		latest_version: model.isEmpty ? null : versionJson(model, document),
		created_at: createdAt(model),
		...shown,
	};
}

function versionJson(model: SandboxModel, document = documentOf(model)): object {
	return {
		id: versionOf(model),
		created_at: versionCreatedAt(model),
		cog_version: model.details?.cogVersion ?? '0.16.0',
		openapi_schema: document,
	};
}

function documentOf({ openapi = '3.0.2', schemas }: SandboxModel): object {
	const info = { title: 'Cog', version: '0.1.0' };
	return { openapi, info, components: { schemas } };
}
