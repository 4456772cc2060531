import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import Fastify, { type FastifyInstance } from 'fastify';
import { Accounts, SANDBOX_TOKEN } from './accounts';
import { Catalogue } from './catalogue';
import { CreateLimit, type CreateLimitOptions } from './createLimit';
import { Delivery } from './delivery';
import { Deployments } from './deployments';
import { FileAccess } from './fileAccess';
import { Faults, isSpoilt, type Fault } from './faults';
import { FileStore } from './fileStore';
import { models } from './models';
import { DEFAULT_BOOT_MS, Predictions } from './predictions';
import { notFound, Problem } from './problems';
import type { Api } from './routes/api';
import { deploymentRoutes } from './routes/deployments';
import { fileRoutes } from './routes/files';
import { modelRoutes } from './routes/models';
import { predictionRoutes } from './routes/predictions';
import { searchRoutes } from './routes/search';
import { streamRoutes } from './routes/streams';
import { trainingRoutes } from './routes/trainings';
import { closeFor, sendSpoilt, stayClosed } from './spoil';
import { Webhooks } from './webhooks';

export interface SandboxOptions {
	/** Ports on 127.0.0.1; 0 takes any free one. */
	port?: number;
	deliveryPort?: number;
	/** Usernames by token. */
	tokens?: Record<string, string>;
	/** How long a prediction stays `starting`, in ms. */
	bootMs?: number;
	/** The largest upload in bytes. */
	maxFileBytes?: number;
	/** What a held create says of a prediction that has ended: both are recorded of the real API. */
	heldStatus?: 'succeeded' | 'processing';
	/** How long a create is held at most, in s; less than 60 lets tests see the hold end early. */
	longestHoldSeconds?: number;
	createLimit?: CreateLimitOptions;
	/** How long a connection without requests stays open, in ms. */
	keepAliveMs?: number;
	/** The clock in ms, so that tests can let hours pass. */
	now?: () => number;
}

/** A request that the API has seen. */
export interface ApiRequest {
	method: string;
	path: string;
	userAgent?: string;
	/** The body of a JSON request, when it is short. */
	body?: string;
	/** Whether it came with a token. */
	authorized: boolean;
	/** The client's port, which tells connections apart. */
	remotePort?: number;
}

/** A running sandbox. */
export interface Sandbox {
	baseUrl: string;
	token: string;
	/** Everything that the API was asked, in order. */
	requests: ApiRequest[];
	/** Forgets all requests, predictions and deliveries; what is not delivered yet never will be. */
	forget(): void;
	/** How many connections to the API and to the delivery origin are open. */
	connections(): Promise<number>;
	/** Closes the API's port for so many ms: connections are refused. */
	refuseFor(ms: number): void;
	delivery: Delivery;
	faults: Faults;
	files: FileStore;
	predictions: Predictions;
	trainings: Predictions;
	createLimit: CreateLimit;
	webhooks: Webhooks;
	stop(): Promise<void>;
}

/** Longest body, in characters, that is kept for tests to look at. */
const RECORDED_BODY = 10_000;

/** Starts a server that behaves like Replicate, on loopback, with files in a folder of its own. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const now = options.now ?? Date.now;
	const folder = await mkdtemp(join(tmpdir(), 'replicate-sandbox-'));
	const faults = new Faults();
	const delivery = new Delivery(folder, now, faults);
	await delivery.listen(options.deliveryPort ?? 0);
	const files = new FileStore(folder, now);
	const access = new FileAccess(files);
	const webhooks: Webhooks = new Webhooks((one) => {
		const isTraining = api.trainings.all.includes(one);
		return (isTraining ? api.trainings : api.predictions).toJson(one, api.baseUrl);
	}, now);
	// Copies: an account may change and empty them.
	const own = models.map((model) => ({ ...model }));
	const { bootMs = DEFAULT_BOOT_MS } = options;
	const boot = async (signal: AbortSignal) =>
		bootMs > 0 ? await sleep(bootMs, undefined, { signal }) : undefined;
	const notify = webhooks.notify.bind(webhooks);
	const runs = (path: 'predictions' | 'trainings') =>
		new Predictions(access, delivery, boot, now, notify, path);
	const api: Api = {
		baseUrl: '',
		accounts: new Accounts(options.tokens ?? { [SANDBOX_TOKEN]: 'sandbox' }),
		faults,
		files,
		catalogue: new Catalogue(own),
		deployments: new Deployments(own),
		predictions: runs('predictions'),
		trainings: runs('trainings'),
		webhooks,
		createLimit: new CreateLimit(options.createLimit ?? { perMinute: 600, burst: 1_000 }, now),
		maxFileBytes: options.maxFileBytes ?? 100 * 1024 * 1024,
		heldStatus: options.heldStatus ?? 'succeeded',
		longestHoldSeconds: options.longestHoldSeconds ?? 60,
		now,
	};
	const requests: ApiRequest[] = [];
	const server = apiServer(api, requests);
	const { keepAliveMs } = options;
	if (keepAliveMs !== undefined) {
		server.server.keepAliveTimeout = delivery.server.server.keepAliveTimeout = keepAliveMs;
	}
	const origin = await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
	api.baseUrl = access.baseUrl = `${origin}/v1`;
	return {
		baseUrl: api.baseUrl,
		forget() {
			webhooks.giveUp();
			const lists = [requests, delivery.requests, webhooks.deliveries];
			for (const list of [...lists, api.predictions.all, api.trainings.all]) list.length = 0;
		},
		async connections() {
			const servers = [server.server, delivery.server.server];
			const open = await Promise.all(
				servers.map(async (one) => await promisify(one.getConnections.bind(one))()),
			);
			return open.reduce((sum, count) => sum + count, 0);
		},
		refuseFor: (ms) => closeFor(server.server, ms),
		token: Object.keys(options.tokens ?? { [SANDBOX_TOKEN]: '' })[0]!,
		requests,
		delivery,
		faults,
		files,
		predictions: api.predictions,
		trainings: api.trainings,
		createLimit: api.createLimit,
		webhooks,
		async stop() {
			webhooks.stop();
			for (const one of [...api.predictions.all, ...api.trainings.all]) one.cancel();
			stayClosed(server.server);
			stayClosed(delivery.server.server);
			await Promise.all([server.close(), delivery.server.close()]);
			await rm(folder, { recursive: true, force: true });
		},
	};
}

function apiServer(api: Api, requests: ApiRequest[]): FastifyInstance {
	// Data URIs make bodies large; the real limit is not published, and 80 MB were refused.
	const server = Fastify({ bodyLimit: 80_000_000, forceCloseConnections: true });
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
	/** Faults that take effect when the answer is there. */
	const late = new WeakMap<object, Fault>();
	server.addHook('onRequest', async (request, reply) => {
		const seen: ApiRequest = {
			method: request.method,
			path: request.url,
			userAgent: request.headers['user-agent'],
			authorized: request.headers.authorization !== undefined,
			remotePort: request.socket.remotePort,
		};
		seenBy.set(request, seen);
		requests.push(seen);
		const fault = api.faults.take(request.method, request.url);
		if (fault) late.set(request, fault);
		if (fault?.kind === 'answer') {
			await reply
				.code(fault.status)
				.headers(fault.headers ?? {})
				.send(fault.body ?? '');
		}
		if (fault?.kind === 'stall' || fault?.kind === 'cutBefore') {
			reply.hijack();
			if (fault.kind === 'cutBefore') request.socket.destroy();
		}
	});
	server.addHook('onSend', async (request, reply, payload) => {
		const fault = late.get(request);
		if (fault?.kind === 'refuseNext') {
			reply.header('connection', 'close');
			closeFor(server.server, fault.ms);
		}
		if (fault?.kind === 'cutAfter') {
			reply.hijack();
			request.socket.destroy();
		}
		if (isSpoilt(fault)) {
			reply.hijack();
			const body = Buffer.from(String(payload ?? ''));
			const good = { status: reply.statusCode, headers: reply.getHeaders(), body };
			await sendSpoilt(request.socket, good, fault);
			// Fastify would send the good answer after it.
			await new Promise(() => {});
		}
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

function wordsFor(status: number | undefined) {
	if (status === 413) return { detail: 'Request Entity Too Large', status };
	return { detail: 'Internal server error' };
}
