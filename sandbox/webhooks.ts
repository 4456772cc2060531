import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import type { SandboxPrediction } from './predictions';

export type WebhookEvent = 'start' | 'output' | 'logs' | 'completed';

/** How callbacks go wrong, or take their time. */
export interface WebhookOptions {
	/** How long after its event a webhook leaves, in ms. */
	delayMs?: (event: WebhookEvent, prediction: SandboxPrediction) => number;
	/** How often each webhook is sent; 2 doubles all. */
	copies?: number;
	/** Webhooks that never arrive. */
	isLost?: (event: WebhookEvent, prediction: SandboxPrediction) => boolean;
	/** Pauses before the further tries of `completed`, in ms: about a minute altogether (docs). */
	retriesMs?: number[];
}

/** One try to deliver a webhook, and what it was answered. */
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
	private readonly stopped = new AbortController();
	private readonly lastSent = new Map<string, number>();

	constructor(
		private readonly toJson: (prediction: SandboxPrediction) => object,
		private readonly now: () => number,
	) {
		// Hundreds of calls may be under way, each of which listens.
		setMaxListeners(0, this.stopped.signal);
	}

	/** Sends word of an event, if the prediction asked for it. Returns at once. */
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
		const signature = createHmac('sha256', key)
			.update(`${id}.${timestamp}.${body}`)
			.digest('base64');
		return {
			'content-type': 'application/json',
			'webhook-id': id,
			'webhook-timestamp': timestamp,
			'webhook-signature': `v1,${signature}`,
		};
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
		await sleep(this.options.delayMs?.(event, prediction) ?? 0, undefined, { signal });
		const retries = event === 'completed' ? (this.options.retriesMs ?? RETRIES_MS) : [];
		for (const pause of [0, ...retries]) {
			await sleep(pause, undefined, { signal });
			const headers = this.sign(id, body);
			const status = await this.post(url, headers, body);
			this.deliveries.push({ event, predictionId: prediction.id, url, status, headers, body });
			if (status !== undefined && status < 400) return;
		}
	}

	private async post(
		url: string,
		headers: Record<string, string>,
		body: string,
	): Promise<number | undefined> {
		const sent = request(url, { method: 'POST', headers, body, signal: this.stopped.signal });
		return await sent.then(
			async (answer) => {
				await answer.body.dump();
				return answer.statusCode;
			},
			() => undefined,
		);
	}
}
