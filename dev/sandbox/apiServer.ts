import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { isSpoilt, type Fault } from './faults';
import { GATEWAY_REFUSAL, mayPass, pathBehind, type GatewayOptions } from './gateway';
import { holdsHugeOutput, withHugeOutputs } from './hugeOutput';
import { notFound, Problem } from './problems';
import type { ApiRequest } from './requestLog';
import type { Api } from './routes/api';
import { deploymentRoutes } from './routes/deployments';
import { fileRoutes } from './routes/files';
import { modelRoutes } from './routes/models';
import { predictionRoutes } from './routes/predictions';
import { searchRoutes } from './routes/search';
import { streamRoutes } from './routes/streams';
import { trainingRoutes } from './routes/trainings';
import { closeFor, sendSpoilt } from './spoil';

/** Longest body, in characters, that is kept for tests to look at. */
const RECORDED_BODY = 10_000;

/** The HTTP server of the API: what all routes have in common. */
export function apiServer(
	api: Api,
	requests: ApiRequest[],
	gateway: GatewayOptions | undefined,
): FastifyInstance {
	const server = Fastify({
		// Data URIs make bodies large; the real limit is not published, and 80 MB were refused.
		bodyLimit: 80_000_000,
		forceCloseConnections: true,
		rewriteUrl: ({ url }) => (gateway ? pathBehind(gateway, url ?? '') : (url ?? '')),
	});
	const seenBy = new WeakMap<object, ApiRequest>();
	// The official client sends this type without a body when it cancels or deletes.
	server.removeContentTypeParser('application/json');
	server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
		const seen = seenBy.get(request);
		if (seen && body.length <= RECORDED_BODY) seen.body = String(body);
		try {
			done(null, body === '' ? undefined : JSON.parse(String(body)));
		} catch {
			done(new Problem(400, { detail: 'Failed to parse request body as JSON: EOF', status: 400 }));
		}
	});
	/** Faults that take effect when the response is ready. */
	const late = new WeakMap<object, Fault>();
	server.addHook('onRequest', async (request, reply) => {
		reply.header('date', new Date(api.now()).toUTCString());
		const seen: ApiRequest = {
			method: request.method,
			path: request.url,
			headers: request.headers,
			userAgent: request.headers['user-agent'],
			authorized: request.headers.authorization !== undefined,
			remotePort: request.socket.remotePort,
		};
		seenBy.set(request, seen);
		requests.push(seen);
		api.counts.count(routeOf(request));
		if (gateway && !mayPass(gateway, request.headers)) {
			await reply.code(401).send(GATEWAY_REFUSAL);
			return;
		}
		const fault = api.faults.take(request.method, request.url);
		if (fault) late.set(request, fault);
		if (fault?.kind === 'answer') {
			const { status, headers = {}, body = '' } = fault;
			await reply.code(status).headers(headers).send(body);
		}
		if (fault?.kind === 'stall' || fault?.kind === 'cutBefore') {
			reply.hijack();
			if (fault.kind === 'cutBefore') request.socket.destroy();
		}
	});
	server.addHook('preHandler', async (request, reply) => {
		const verdict = await api.holds.pass('arrival', heldOf(request));
		if (verdict === 'cut') cut(request, reply);
	});
	server.addHook('onSend', async (request, reply, payload) => {
		const verdict = await api.holds.pass('response', heldOf(request));
		const fault = late.get(request);
		if (verdict === 'cut' || fault?.kind === 'cutAfter') {
			cut(request, reply);
			return payload;
		}
		if (fault?.kind === 'refuseNext') {
			reply.header('connection', 'close');
			closeFor(server.server, fault.ms);
		}
		if (isSpoilt(fault)) {
			reply.hijack();
			const body = Buffer.from(String(payload ?? ''));
			const good = { status: reply.statusCode, headers: reply.getHeaders(), body };
			await sendSpoilt(request.socket, good, fault);
			// Fastify would send the good response after it.
			await new Promise(() => {});
		}
		if (fault?.kind === 'answerInstead') {
			reply.code(fault.status).type('text/html');
			return fault.body ?? '';
		}
		if (typeof payload !== 'string') return payload;
		if (holdsHugeOutput(payload)) {
			return withHugeOutputs(payload).on('data', (chunk: Buffer) =>
				api.counts.countBytes(routeOf(request), chunk.length),
			);
		}
		api.counts.countBytes(routeOf(request), Buffer.byteLength(payload));
		return payload;
	});
	server.setErrorHandler(async (error: Error & { statusCode?: number }, _request, reply) => {
		const problem =
			error instanceof Problem
				? error
				: new Problem(error.statusCode ?? 500, wordsFor(error.statusCode));
		await problem.send(reply);
	});
	server.setNotFoundHandler(async (_request, reply) => {
		await notFound().send(reply);
	});
	deploymentRoutes(server, api);
	modelRoutes(server, api);
	searchRoutes(server, api);
	streamRoutes(server, api);
	trainingRoutes(server, api);
	predictionRoutes(server, api);
	fileRoutes(server, api);
	return server;
}

/** As in `GET /predictions/:id`. */
function routeOf({ method, routeOptions }: FastifyRequest): string {
	return `${method} ${(routeOptions.url ?? 'unknown').replace(/^\/v1/, '')}`;
}

function heldOf({ method, url: path, body }: FastifyRequest) {
	return { method, path, body };
}

function cut(request: FastifyRequest, reply: FastifyReply): void {
	reply.hijack();
	request.socket.destroy();
}

function wordsFor(status: number | undefined) {
	if (status === 413) return { detail: 'Request Entity Too Large', status };
	return { detail: 'Internal server error' };
}
