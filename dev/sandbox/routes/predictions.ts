import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxModel } from '../models/model';
import { pageOf } from '../pages';
import type { Predictions } from '../predictions';
import { isPending, type SandboxPrediction } from '../run';
import { invalidVersion, notFound, Problem } from '../problems';
import { validBody, validWebhook } from '../bodyValidation';
import { validInput } from '../inputValidation';
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
		const model = api.catalogue.runnable(String(body.version));
		if (!model) throw invalidVersion();
		return await createPrediction(api, { owner, model, body }, request, reply);
	});

	server.post<{ Params: { owner: string; name: string } }>(
		'/v1/models/:owner/:name/predictions',
		async (request, reply) => {
			const owner = ownerOf(api, request);
			api.createLimit.take();
			const model = findModel(api, request.params);
			if (!model.official) throw notFound();
			const body = validBody(request.body, false);
			return await createPrediction(api, { owner, model, body }, request, reply);
		},
	);

	server.get<{ Params: { id: string } }>('/v1/predictions/:id', async (request) =>
		show(find(request, request.params.id)),
	);

	server.post<{ Params: { id: string } }>('/v1/predictions/:id/cancel', async (request) => {
		const prediction = api.predictions.get(request.params.id, ownerOf(api, request));
		if (!prediction) throw notFound();
		return cancelled(api, api.predictions, prediction);
	});

	server.get<{ Querystring: ListQuery }>('/v1/predictions', async (request) => {
		const owner = ownerOf(api, request);
		const { created_after: after, created_before: before } = request.query;
		const matching = api.predictions
			.list(owner)
			.filter(({ createdAt }) => !after || createdAt >= Date.parse(after))
			.filter(({ createdAt }) => !before || createdAt < Date.parse(before));
		const page = pageOf(matching, PAGE_SIZE, `${api.baseUrl}/predictions`, request.query);
		return {
			...page,
			results: page.results.map((one) => api.predictions.toListed(one, api.baseUrl)),
		};
	});

	function find(request: FastifyRequest, id: string): SandboxPrediction {
		const prediction = api.predictions.visible(id, ownerOf(api, request));
		if (!prediction) throw notFound();
		return prediction;
	}
}

/** What a route knows of a create before its body is checked. */
interface AskedPrediction {
	owner: string;
	model: SandboxModel;
	deployment?: string;
	/** The checked body. */
	body: Record<string, unknown>;
}

/** Creates a prediction, and holds the response as long as the request prefers. */
export async function createPrediction(
	api: Api,
	{ owner, model, deployment, body }: AskedPrediction,
	request: FastifyRequest,
	reply: FastifyReply,
): Promise<object> {
	const { input } = body;
	const effective = validInput(model, input);
	const delayMs = api.predictions.createDelayMs(effective);
	if (delayMs > 0) await sleep(delayMs);
	const prediction = api.predictions.create({
		owner,
		model,
		deployment,
		input: input as Record<string, unknown>,
		effective,
		webhook: validWebhook(body),
		cancelAfterMs: cancelAfterMs(request.headers['cancel-after']),
	});
	reply.code(201).header('ratelimit-remaining', '599').header('ratelimit-reset', '1');
	const hold = holdSeconds(request.headers.prefer, api.longestHoldSeconds);
	if (hold === undefined) return api.predictions.toJson(prediction, api.baseUrl);
	reply.header('preference-applied', `wait=${hold}`);
	let timer: NodeJS.Timeout | undefined;
	const timeUp = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, hold * 1_000);
	});
	await Promise.race([prediction.ended, timeUp]);
	clearTimeout(timer);
	return heldResponse(api, prediction);
}

/** The recorded quirk: a held create may say "processing" with the finished output. */
function heldResponse(api: Api, prediction: SandboxPrediction): object {
	const json = api.predictions.toJson(prediction, api.baseUrl);
	if (prediction.status !== 'succeeded' || api.heldStatus === 'succeeded') return json;
	const { completed_at: _completed, metrics: _metrics, logs: _logs, ...unfinished } = json;
	return { ...unfinished, status: isPending(prediction) ? prediction.status : 'processing' };
}

interface ListQuery {
	created_after?: string;
	created_before?: string;
	cursor?: string;
	[key: string]: string | undefined;
}

/**
 * Cancels a run, and shows it.
 *
 * @throws Problem when the runs are set to refuse the cancel of one that has ended
 */
export function cancelled(api: Api, runs: Predictions, run: SandboxPrediction): object {
	const { refuseEndedWith: status } = runs.cancels;
	if (status !== undefined && !isPending(run)) {
		const detail = `This ${run.destination ? 'training' : 'prediction'} has already completed.`;
		throw new Problem(status, { title: 'Cannot be canceled', detail, status });
	}
	runs.cancel(run);
	return runs.toJson(run, api.baseUrl);
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
