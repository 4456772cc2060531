import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { versionOf, type SandboxModel } from '../models/model';
import { isPending, type SandboxPrediction } from '../predictions';
import { invalidVersion, notFound, Problem } from '../problems';
import { validBody, validInput } from '../validation';
import { ownerOf, type Api } from './api';
import { findModel } from './models';

/** Predictions on a page (Replicate docs). */
const PAGE_SIZE = 100;

/** Create in its forms, get, list and cancel. */
export function predictionRoutes(server: FastifyInstance, api: Api): void {
	const show = (prediction: SandboxPrediction) => api.predictions.toJson(prediction, api.baseUrl);

	server.post('/v1/predictions', async (request, reply) => {
		const owner = ownerOf(api, request);
		api.createLimit.take();
		const body = validBody(request.body, true);
		const model = modelByVersion(api, String(body.version));
		return await create(owner, model, body.input, request, reply);
	});

	server.post<{ Params: { owner: string; name: string } }>(
		'/v1/models/:owner/:name/predictions',
		async (request, reply) => {
			const owner = ownerOf(api, request);
			api.createLimit.take();
			const model = findModel(api, request.params);
			if (!model.official) throw notFound();
			return await create(owner, model, validBody(request.body, false).input, request, reply);
		},
	);

	server.get<{ Params: { id: string } }>('/v1/predictions/:id', async (request) =>
		show(find(request, request.params.id)),
	);

	server.post<{ Params: { id: string } }>('/v1/predictions/:id/cancel', async (request) => {
		const prediction = find(request, request.params.id);
		prediction.cancel();
		return show(prediction);
	});

	server.get<{ Querystring: ListQuery }>('/v1/predictions', async (request) => {
		const owner = ownerOf(api, request);
		const { created_after: after, created_before: before, cursor } = request.query;
		const matching = api.predictions.all
			.filter((prediction) => prediction.owner === owner)
			.filter(({ createdAt }) => !after || createdAt >= Date.parse(after))
			.filter(({ createdAt }) => !before || createdAt < Date.parse(before))
			.reverse();
		const start = cursor ? Number(Buffer.from(cursor, 'base64url').toString()) : 0;
		const page = matching.slice(start, start + PAGE_SIZE);
		const hasMore = start + PAGE_SIZE < matching.length;
		return {
			previous: start > 0 ? pageUrl(api, request.query, Math.max(0, start - PAGE_SIZE)) : null,
			next: hasMore ? pageUrl(api, request.query, start + PAGE_SIZE) : null,
			results: page.map(show),
		};
	});

	function find(request: FastifyRequest, id: string): SandboxPrediction {
		const prediction = api.predictions.get(id, ownerOf(api, request));
		if (!prediction) throw notFound();
		return prediction;
	}

	async function create(
		owner: string,
		model: SandboxModel,
		input: unknown,
		request: FastifyRequest,
		reply: FastifyReply,
	): Promise<object> {
		const effective = validInput(model, input);
		const prediction = api.predictions.create({
			owner,
			model,
			input: input as Record<string, unknown>,
			effective,
			cancelAfterMs: cancelAfterMs(request.headers['cancel-after']),
		});
		reply.code(201).header('ratelimit-remaining', '599').header('ratelimit-reset', '1');
		const hold = holdSeconds(request.headers.prefer, api.longestHoldSeconds);
		if (hold === undefined) return show(prediction);
		reply.header('preference-applied', `wait=${hold}`);
		const timeUp = new AbortController();
		const pause = sleep(hold * 1_000, undefined, { signal: timeUp.signal }).catch(() => {});
		await Promise.race([prediction.ended, pause]);
		timeUp.abort();
		return heldAnswer(prediction);
	}

	/** The recorded quirk: a held create may answer "processing" with the finished output. */
	function heldAnswer(prediction: SandboxPrediction): object {
		const json = show(prediction);
		if (prediction.status !== 'succeeded' || api.heldStatus === 'succeeded') return json;
		const { completed_at: _completed, metrics: _metrics, logs: _logs, ...unfinished } = json;
		return { ...unfinished, status: isPending(prediction) ? prediction.status : 'processing' };
	}
}

interface ListQuery {
	created_after?: string;
	created_before?: string;
	cursor?: string;
}

function pageUrl(api: Api, query: ListQuery, start: number): string {
	const cursor = Buffer.from(String(start)).toString('base64url');
	const parameters = new URLSearchParams({ ...query, cursor } as Record<string, string>);
	return `${api.baseUrl}/predictions?${parameters.toString()}`;
}

/**
 * The three forms of `version`: `owner/name` for official models, `owner/name:id`, and the bare id
 * (changelog 2025-08-05). A community model by name alone and an official model's id are refused.
 */
function modelByVersion(api: Api, version: string): SandboxModel {
	const [name, id] = version.includes('/') ? version.split(':') : [undefined, version];
	const model = api.models.find((one) => {
		const isNamed = name === undefined || name === `${one.owner}/${one.name}`;
		return isNamed && (one.official ? id === undefined : id === versionOf(one));
	});
	if (!model) throw invalidVersion();
	return model;
}

function holdSeconds(prefer: string | string[] | undefined, longest: number): number | undefined {
	const [match, seconds] = /^wait(?:=([1-9]\d?))?$/.exec(String(prefer ?? '')) ?? [];
	if (match === undefined) return undefined;
	return Math.min(Number(seconds ?? longest), longest);
}

/** `Cancel-After` in ms: seconds, or units as in `1h30m45s`; at least 5 s (OpenAPI document). */
function cancelAfterMs(header: string | string[] | undefined): number | undefined {
	if (header === undefined) return undefined;
	const [match, hours, minutes, seconds] =
		/^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/.exec(String(header)) ?? [];
	const total = Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
	if (!match || total < 5) {
		throw new Problem(422, { detail: 'Cancel-After must be at least 5 seconds', status: 422 });
	}
	return total * 1_000;
}
