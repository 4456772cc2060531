import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Accounts, SANDBOX_TOKEN } from './accounts';
import { apiServer } from './apiServer';
import { Catalogue } from './catalogue';
import { Clock } from './clock';
import { CreateLimit, type CreateLimitOptions } from './createLimit';
import { Delivery } from './delivery';
import { Deployments } from './deployments';
import { FileAccess } from './fileAccess';
import { Examples } from './examples';
import { Faults } from './faults';
import { FileStore } from './fileStore';
import { OFFICIAL_BASE_URL, type GatewayOptions } from './gateway';
import { Holds } from './holds';
import { Language } from './language';
import { models } from './models';
import { OutputFiles } from './outputFiles';
import { DEFAULT_BOOT_MS, Predictions } from './predictions';
import { RouteCounts, type ApiRequest } from './requestLog';
import { Retention } from './retention';
import type { Api } from './routes/api';
import { closeFor, stayClosed } from './spoil';
import { Webhooks } from './webhooks';

export type { ApiRequest } from './requestLog';

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
	/** What the clock is read from, in ms, so that tests can let hours pass. */
	now?: () => number;
	/** Puts the API behind a gateway that does not rewrite its links. */
	gateway?: GatewayOptions;
}

/** A running sandbox. What it holds may be turned by tests at any time. */
export interface Sandbox {
	/** Where a client reaches it: behind the gateway, when there is one. */
	baseUrl: string;
	token: string;
	/** Everything that the API was asked, in order. */
	requests: ApiRequest[];
	/** The same by route. */
	counts: RouteCounts;
	clock: Clock;
	/**
	 * Forgets all requests, predictions, deliveries and what language models were to say; what is not
	 * delivered yet never will be.
	 */
	forget(): void;
	/** How many connections to the API and to the delivery origin are open. */
	connections(): Promise<number>;
	/** Closes the API's port for so many ms: connections are refused. */
	refuseFor(ms: number): void;
	delivery: Delivery;
	faults: Faults;
	files: FileStore;
	holds: Holds;
	language: Language;
	outputFiles: OutputFiles;
	predictions: Predictions;
	retention: Retention;
	trainings: Predictions;
	createLimit: CreateLimit;
	webhooks: Webhooks;
	stop(): Promise<void>;
}

/** Starts a server that behaves like Replicate, on loopback, with files in a folder of its own. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const clock = new Clock(options.now);
	const { now } = clock;
	const folder = await mkdtemp(join(tmpdir(), 'replicate-sandbox-'));
	const faults = new Faults();
	const holds = new Holds();
	const language = new Language();
	const retention = new Retention(now);
	const delivery = new Delivery(folder, now, retention, faults);
	await delivery.listen(options.deliveryPort ?? 0);
	const files = new FileStore(folder, now);
	const access = new FileAccess(files);
	const outputFiles = new OutputFiles(now, retention);
	const webhooks: Webhooks = new Webhooks((one) => {
		const isTraining = one.destination !== undefined;
		return (isTraining ? api.trainings : api.predictions).toJson(one, api.baseUrl);
	}, now);
	// Copies: an account may change and empty them.
	const own = models.map((model) => ({ ...model }));
	const { bootMs = DEFAULT_BOOT_MS, gateway } = options;
	const boot = async (signal: AbortSignal) =>
		bootMs > 0 ? await sleep(bootMs, undefined, { signal }) : undefined;
	const onEvent = webhooks.notify.bind(webhooks);
	const around = { files: access, delivery, outputFiles, retention, language, now, onEvent };
	const api: Api = {
		baseUrl: '',
		examples: new Examples({ files: access, delivery, language }),
		accounts: new Accounts(options.tokens ?? { [SANDBOX_TOKEN]: 'sandbox' }),
		faults,
		holds,
		language,
		counts: new RouteCounts(),
		files,
		outputFiles,
		catalogue: new Catalogue(own),
		deployments: new Deployments(own),
		predictions: new Predictions(around, boot, 'predictions'),
		trainings: new Predictions(around, boot, 'trainings'),
		webhooks,
		createLimit: new CreateLimit(options.createLimit ?? { perMinute: 600, burst: 1_000 }, clock),
		maxFileBytes: options.maxFileBytes ?? 100 * 1024 * 1024,
		heldStatus: options.heldStatus ?? 'succeeded',
		longestHoldSeconds: options.longestHoldSeconds ?? 60,
		now,
	};
	const requests: ApiRequest[] = [];
	const server = apiServer(api, requests, gateway);
	const { keepAliveMs } = options;
	if (keepAliveMs !== undefined) {
		server.server.keepAliveTimeout = delivery.server.server.keepAliveTimeout = keepAliveMs;
	}
	const origin = await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
	const linked = gateway ? OFFICIAL_BASE_URL : `${origin}/v1`;
	api.baseUrl = access.baseUrl = outputFiles.baseUrl = linked;
	const { predictions, trainings, createLimit, counts } = api;
	return {
		baseUrl: `${origin}${gateway?.prefix ?? '/v1'}`,
		token: Object.keys(options.tokens ?? { [SANDBOX_TOKEN]: '' })[0]!,
		forget() {
			webhooks.giveUp();
			holds.forget();
			language.forget();
			counts.reset();
			for (const list of [requests, delivery.requests, webhooks.deliveries]) list.length = 0;
			predictions.forget();
			trainings.forget();
		},
		async connections() {
			const servers = [server.server, delivery.server.server];
			const open = await Promise.all(
				servers.map(async (one) => await promisify(one.getConnections.bind(one))()),
			);
			return open.reduce((sum, count) => sum + count, 0);
		},
		refuseFor: (ms) => closeFor(server.server, ms),
		...{ requests, counts, clock, delivery, faults, files, holds, language, outputFiles },
		...{ predictions, retention, trainings, createLimit, webhooks },
		async stop() {
			webhooks.stop();
			holds.forget();
			for (const one of [...predictions.all, ...trainings.all]) one.cancel();
			stayClosed(server.server);
			stayClosed(delivery.server.server);
			await Promise.all([server.close(), delivery.server.close(), access.stop()]);
			await rm(folder, { recursive: true, force: true });
		},
	};
}
