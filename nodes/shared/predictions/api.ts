import { PREDICTION_SHAPE } from '../api/shapes';
import type { ReplicateClient } from '../api/client';
import { now } from '../api/clock';
import { readPages } from '../api/pages';
import { sleep } from '../api/sleep';
import type { SentObject } from '../api/jsonBody';
import type { Prediction } from '../api/shapes';
import { createdAsFarAsRead, namingRun } from './tooLarge';
import type { WebhookTarget } from '../webhooks/address';
import type { JobKind, JobTarget } from '../models/jobKind';
import { Claims } from './claims';

/** A create as it is sent. */
export interface CreateRequest {
	target: JobTarget;
	input: SentObject;
	/** Where Replicate reports events. */
	webhook?: WebhookTarget;
}

/** How a create is sent. */
export interface CreateLimits {
	/** How long Replicate holds the request for the end, in s; 0: not at all. */
	holdSeconds: number;
	/** When Replicate itself cancels the prediction, in s after its start. */
	cancelAfterSeconds?: number;
	/** When the response must be there, as a time in ms. */
	until: number;
}

/** How a read goes. */
export interface ReadLimits {
	signal?: AbortSignal;
	/** When the response must be there, as a time in ms. */
	until?: number;
}

/** What of a window is listed. */
export interface ListLimits extends ReadLimits {
	/** Only these, and no page more than they need. */
	ids?: ReadonlySet<string>;
	/** The most pages to read, the newest first. */
	maxPages?: number;
}

/**
 * The calls that start, find, read and cancel what is billed, and the clock that they go by. What
 * decides over money works with these alone, so that every order of events can be tried in a test.
 */
export interface PredictionsApi {
	/** Who has created what, as far as this process knows. */
	readonly claims: Claims;
	/** For an upload's address, and for messages. */
	readonly baseUrl: URL;
	/** Waits until the account may create; `false` when the deadline comes first. */
	mayCreate(signal: AbortSignal | undefined, deadline: number): Promise<boolean>;
	/** Holds back all creates of the run for the time that a 429 asks for, in ms. */
	throttled(hintMs?: number): void;
	/** Sends a create once. @throws ApiError */
	create(request: CreateRequest, limits: CreateLimits): Promise<Prediction>;
	/** @throws ApiError */
	read(kind: JobKind, id: string, limits?: ReadLimits): Promise<Prediction>;
	/** What was created within a window of our own time, in ms. @throws ApiError */
	list(kind: JobKind, from: number, to: number, limits?: ListLimits): Promise<Prediction[]>;
	/** Sends a cancel once. @throws ApiError */
	cancel(kind: JobKind, id: string, limits?: ReadLimits): Promise<Prediction>;
	/** Our own time, in ms, by a clock that nobody can set. */
	now(): number;
	/** @throws StoppedError when the signal is aborted */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** How far Replicate's clock and ours may still differ when its `Date` was read, in ms (1 s steps). */
const CLOCK_SLACK_MS = 2_000;

/** The calls over HTTP. */
export function predictionsApi(client: ReplicateClient): PredictionsApi {
	const onePath = (kind: JobKind, id: string) => `${kind.path}/${encodeURIComponent(id)}`;
	return {
		claims: Claims.ofProcess,
		baseUrl: client.baseUrl,
		mayCreate: async (signal, deadline) => await client.creates.enter(signal, deadline),
		throttled: (hintMs) => client.creates.throttled(hintMs),
		async create({ target, input, webhook }, { holdSeconds, cancelAfterSeconds, until }) {
			const headers: Record<string, string> = {};
			if (holdSeconds >= 1) headers.prefer = `wait=${holdSeconds}`;
			if (cancelAfterSeconds !== undefined) headers['cancel-after'] = String(cancelAfterSeconds);
			const body = {
				...target.kind.body(target),
				input,
				...(webhook ? { webhook: webhook.url, webhook_events_filter: webhook.events } : {}),
			};
			const created = client.create(target.kind.createPath(target), body, {
				shape: PREDICTION_SHAPE,
				headers,
				holdMs: holdSeconds * 1_000,
				until,
			});
			return await created.catch((error: unknown) => {
				const prediction = createdAsFarAsRead(error);
				if (prediction) return prediction;
				throw error;
			});
		},
		read: async (kind, id, limits) =>
			await client
				.get(onePath(kind, id), {
					...limits,
					shape: PREDICTION_SHAPE,
					what: `the ${kind.noun} "${id}"`,
				})
				.catch((error: unknown) => {
					throw namingRun(kind, id, error);
				}),
		async list(kind, from, to, { ids, ...limits } = {}) {
			const offset = await client.clockOffset(limits);
			const min = from + offset - CLOCK_SLACK_MS;
			const max = to + offset + CLOCK_SLACK_MS;
			const query = {
				created_after: new Date(min).toISOString(),
				created_before: new Date(max).toISOString(),
			};
			return await readPages(
				client,
				kind.path,
				PREDICTION_SHAPE,
				ids?.size ?? Infinity,
				{ ...limits, query },
				({ id, created_at: createdAt }) => {
					const time = Date.parse(createdAt ?? '');
					return time >= min && time <= max && (ids?.has(id) ?? true);
				},
			);
		},
		cancel: async (kind, id, limits) =>
			await client.postOnce(`${onePath(kind, id)}/cancel`, {
				...limits,
				shape: PREDICTION_SHAPE,
				what: `the ${kind.noun} "${id}"`,
			}),
		now,
		sleep,
	};
}
