import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { chunksOf, holdsHugeOutput, withHugeOutputs } from './hugeOutput';
import type { SandboxPrediction } from './run';

export const WEBHOOK_EVENTS = ['start', 'output', 'logs', 'completed'] as const;

export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** How callbacks go wrong, or take their time. */
export interface WebhookOptions {
	/** How long after its event a webhook leaves, in ms. */
	delayMs?: (event: WebhookEvent, prediction: SandboxPrediction) => number;
	/** Lets them leave in another order: each after a random time up to this, in ms. */
	shuffleMs?: number;
	/** What `shuffleMs` draws from, in [0, 1); tests give a seeded one. */
	random?: () => number;
	/** What a webhook waits for before it leaves, so that a test can choose the moment. */
	holdUntil?: (event: WebhookEvent, prediction: SandboxPrediction) => Promise<unknown> | undefined;
	/** How often each webhook is sent; 2 doubles all. */
	copies?: number;
	/** Webhooks that never arrive. */
	isLost?: (event: WebhookEvent, prediction: SandboxPrediction) => boolean;
	/** What goes wrong with a try, counted from 0 for each webhook. */
	fault?: (attempt: number) => DeliveryFault | undefined;
	/** Pauses before the further tries of `completed`, in ms: about a minute altogether (docs). */
	retriesMs?: number[];
}

export type DeliveryFault =
	/** No connection is made. */
	| 'refused'
	/** The connection is cut in the middle of the body. */
	| 'cut'
	/** It arrives, but its response is lost. */
	| 'answerLost'
	/** Half of the body arrives, as if it were all. */
	| 'half'
	/** The body arrives a few bytes at a time. */
	| 'drip';

/** One try to deliver a webhook, and the status of its response. */
export interface Delivered {
	event: WebhookEvent;
	predictionId: string;
	url: string;
	/** `undefined` when the connection failed. */
	status?: number;
	headers: Record<string, string>;
	body: string;
}

/** `output` and `logs` are sent at most once in this time, in ms (docs). */
const THROTTLE_MS = 500;
const RETRIES_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];

/** Sends webhooks as Replicate does: signed, throttled, and `completed` again until it is taken. */
export class Webhooks {
	/** `GET /webhooks/default/secret` gives this. */
	readonly key = `whsec_${randomBytes(24).toString('base64')}`;
	/** Every try, in order. */
	readonly deliveries: Delivered[] = [];
	/** May be changed at any time. */
	options: WebhookOptions = {};
	private stopped = new AbortController();
	private readonly lastSent = new Map<string, number>();

	constructor(
		private readonly toJson: (prediction: SandboxPrediction) => object,
		private readonly now: () => number,
	) {
		// Hundreds of calls may be running, each of which listens.
		setMaxListeners(0, this.stopped.signal);
	}

	/** Reports an event, if the prediction asked for it. Returns at once. */
	notify(event: WebhookEvent, prediction: SandboxPrediction): void {
		const { webhook } = prediction;
		if (!webhook?.events.includes(event) || this.options.isLost?.(event, prediction)) return;
		if (event === 'output' || event === 'logs') {
			const key = `${prediction.id} ${event}`;
			if (Date.now() - (this.lastSent.get(key) ?? 0) < THROTTLE_MS) return;
			this.lastSent.set(key, Date.now());
		}
		const body = JSON.stringify(this.toJson(prediction));
		const id = `msg_${randomUUID().replaceAll('-', '')}`;
		for (let copy = 0; copy < (this.options.copies ?? 1); copy++) {
			void this.deliver(event, prediction, webhook.url, id, body).catch(() => undefined);
		}
	}

	/** The headers that sign a body, as Standard Webhooks say. */
	sign(id: string, body: string, at = this.now()): Record<string, string> {
		const timestamp = String(Math.floor(at / 1_000));
		const key = Buffer.from(this.key.slice('whsec_'.length), 'base64');
		const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.`);
		for (const chunk of chunksOf(body)) hmac.update(chunk);
		const signature = hmac.digest('base64');
		return {
			'content-type': 'application/json',
			'webhook-id': id,
			'webhook-timestamp': timestamp,
			'webhook-signature': `v1,${signature}`,
		};
	}

	/** Gives up what is not delivered yet. */
	giveUp(): void {
		this.stop();
		this.stopped = new AbortController();
		setMaxListeners(0, this.stopped.signal);
	}

	stop(): void {
		this.stopped.abort();
	}

	private async deliver(
		event: WebhookEvent,
		prediction: SandboxPrediction,
		url: string,
		id: string,
		body: string,
	): Promise<void> {
		const { signal } = this.stopped;
		const { delayMs, shuffleMs = 0, random = Math.random, holdUntil } = this.options;
		const pause = (delayMs?.(event, prediction) ?? 0) + random() * shuffleMs;
		await sleep(pause, undefined, { signal });
		await holdUntil?.(event, prediction);
		signal.throwIfAborted();
		const retries = event === 'completed' ? (this.options.retriesMs ?? RETRIES_MS) : [];
		for (const [attempt, pause] of [0, ...retries].entries()) {
			await sleep(pause, undefined, { signal });
			const headers = this.sign(id, body);
			const status = await this.post(url, headers, body, this.options.fault?.(attempt));
			this.deliveries.push({ event, predictionId: prediction.id, url, status, headers, body });
			if (status !== undefined && status < 400) return;
		}
	}

	private async post(
		url: string,
		headers: Record<string, string>,
		body: string,
		fault?: DeliveryFault,
	): Promise<number | undefined> {
		if (fault === 'refused') return undefined;
		const bytes = Buffer.byteLength(body);
		const length = { 'content-length': String(fault === 'half' ? Math.floor(bytes / 2) : bytes) };
		const isHuge = holdsHugeOutput(body);
		const whole = isHuge ? withHugeOutputs(body) : body;
		const sent = request(url, {
			method: 'POST',
			headers: { ...headers, ...(isHuge ? {} : length) },
			body: fault === undefined ? whole : Readable.from(chunksBrokenBy(fault, body)),
			signal: this.stopped.signal,
		});
		return await sent.then(
			async (response) => {
				await response.body.dump();
				return fault === 'answerLost' ? undefined : response.statusCode;
			},
			() => undefined,
		);
	}
}

async function* chunksBrokenBy(fault: DeliveryFault, body: string): AsyncGenerator<Buffer> {
	const bytes = Buffer.from(body);
	const half = bytes.subarray(0, bytes.length / 2);
	if (fault === 'answerLost') yield bytes;
	if (fault === 'half') yield half;
	if (fault === 'cut') {
		yield half;
		throw new Error('cut');
	}
	for (let from = 0; fault === 'drip' && from < bytes.length; from += 100) {
		yield bytes.subarray(from, from + 100);
		await sleep(50);
	}
}
