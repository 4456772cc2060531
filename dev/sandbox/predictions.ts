import { randomBytes } from 'node:crypto';
import type { FileAccess } from './fileAccess';
import { type Delivery, OUTPUT_LIFETIME_MS } from './delivery';
import { versionOf, type SandboxModel } from './models/model';
import type { WebhookEvent } from './webhooks';

/** How long the machines of a cold model take to start, in ms, unless the options say otherwise. */
export const DEFAULT_BOOT_MS = 20;

type Status = 'starting' | 'processing' | 'succeeded' | 'failed' | 'canceled' | 'aborted';

/** A prediction as the sandbox keeps it. */
export interface SandboxPrediction {
	id: string;
	owner: string;
	model: SandboxModel;
	/** `owner/name` of the deployment that runs it. */
	deployment?: string;
	/** As it was sent, with data URIs. */
	input: Record<string, unknown>;
	output: unknown;
	error: string | null;
	logs: string;
	status: Status;
	createdAt: number;
	startedAt?: number;
	completedAt?: number;
	/** Who is told of it. */
	webhook?: { url: string; events: WebhookEvent[] };
	/** When `Cancel-After` ends it. */
	deadline?: number;
	cancel(): void;
	/** Resolves when the prediction has ended. */
	ended: Promise<void>;
}

export interface NewPrediction {
	owner: string;
	model: SandboxModel;
	deployment?: string;
	/** As sent. */
	input: Record<string, unknown>;
	/** With the schema's defaults, as the model sees it. */
	effective: Record<string, unknown>;
	webhook?: SandboxPrediction['webhook'];
	/** In ms. */
	cancelAfterMs?: number;
}

/** All predictions of the sandbox, and their lives. */
export class Predictions {
	/** How long a create takes to be answered, in ms; tests make some slow. */
	createDelayMs: (input: Record<string, unknown>) => number = () => 0;
	/** Oldest first. */
	readonly all: SandboxPrediction[] = [];

	constructor(
		private readonly files: FileAccess,
		private readonly delivery: Delivery,
		/** Starts a prediction's machine; tests hold it up. */
		public boot: (signal: AbortSignal) => Promise<unknown>,
		private readonly now: () => number,
		/** Told of each event of a prediction. */
		private readonly onEvent: (event: WebhookEvent, prediction: SandboxPrediction) => void,
		/** Where the API has them. */
		private readonly path: 'predictions' | 'trainings' = 'predictions',
	) {}

	create({
		owner,
		model,
		deployment,
		input,
		effective,
		webhook,
		cancelAfterMs,
	}: NewPrediction): SandboxPrediction {
		const stop = new AbortController();
		const prediction: SandboxPrediction = {
			id: newId(),
			owner,
			model,
			deployment,
			input,
			output: null,
			error: null,
			logs: '',
			status: 'starting',
			createdAt: this.now(),
			webhook,
			deadline: cancelAfterMs === undefined ? undefined : this.now() + cancelAfterMs,
			cancel: () => {
				if (!isPending(prediction)) return;
				stop.abort();
				this.end(prediction, 'canceled');
			},
			ended: Promise.resolve(),
		};
		prediction.ended = this.live(prediction, effective, stop, cancelAfterMs);
		this.all.push(prediction);
		return prediction;
	}

	get(id: string, owner: string): SandboxPrediction | undefined {
		return this.all.find((prediction) => prediction.id === id && prediction.owner === owner);
	}

	/** Starts the machine, runs the model, and ends the prediction in whatever way it ends. */
	private async live(
		prediction: SandboxPrediction,
		effective: Record<string, unknown>,
		stop: AbortController,
		cancelAfterMs: number | undefined,
	): Promise<void> {
		const { signal } = stop;
		const timer =
			cancelAfterMs === undefined
				? undefined
				: setTimeout(() => {
						// One that has not begun is aborted, one that runs is canceled (changelog 2025-10-16).
						if (isPending(prediction)) {
							this.end(prediction, prediction.status === 'starting' ? 'aborted' : 'canceled');
						}
						stop.abort();
					}, cancelAfterMs);
		try {
			await this.boot(signal);
			signal.throwIfAborted();
			prediction.status = 'processing';
			prediction.startedAt = this.now();
			this.onEvent('start', prediction);
			const output = await prediction.model.run({
				input: effective,
				fetchFile: async (address) => await this.files.fetch(address, prediction.owner),
				deliver: async (bytes, name) => await this.delivery.deliver(bytes, name),
				setOutput: (partial) => {
					prediction.output = partial;
					this.onEvent('output', prediction);
				},
				log: (line) => {
					prediction.logs += `${line}\n`;
					this.onEvent('logs', prediction);
				},
				signal,
			});
			if (!isPending(prediction)) return;
			prediction.output = output;
			this.end(prediction, 'succeeded');
		} catch (error) {
			if (!isPending(prediction)) return;
			prediction.error = (error as Error).message;
			this.end(prediction, 'failed');
		} finally {
			clearTimeout(timer);
		}
	}

	private end(prediction: SandboxPrediction, status: Status): void {
		prediction.status = status;
		prediction.completedAt = this.now();
		if (status !== 'succeeded') prediction.output = null;
		this.onEvent('completed', prediction);
	}

	/** The prediction as the API shows it. After an hour its input, output and logs are gone. */
	toJson(prediction: SandboxPrediction, baseUrl: string): Record<string, unknown> {
		const { id, model, completedAt } = prediction;
		const isRemoved = completedAt !== undefined && this.now() >= completedAt + OUTPUT_LIFETIME_MS;
		return {
			id,
			model: `${model.owner}/${model.name}`,
			version: model.official ? 'hidden' : versionOf(model),
			...(prediction.deployment ? { deployment: prediction.deployment } : {}),
			input: isRemoved ? {} : withoutDataUris(prediction.input),
			logs: isRemoved ? '' : prediction.logs,
			output: isRemoved ? null : prediction.output,
			data_removed: isRemoved,
			error: prediction.error,
			source: 'api',
			status: prediction.status,
			created_at: isoTime(prediction.createdAt),
			...(prediction.startedAt ? { started_at: isoTime(prediction.startedAt) } : {}),
			...(completedAt ? { completed_at: isoTime(completedAt), metrics: metrics(prediction) } : {}),
			...(prediction.deadline ? { deadline: isoTime(prediction.deadline) } : {}),
			urls: {
				cancel: `${baseUrl}/${this.path}/${id}/cancel`,
				get: `${baseUrl}/${this.path}/${id}`,
				...(writesTokens(model) ? { stream: `${baseUrl}/streams/${id}` } : {}),
				web: `https://replicate.com/p/${id}`,
			},
		};
	}
}

/** Whether a model's output can be streamed. */
function writesTokens({ schemas }: SandboxModel): boolean {
	const output = schemas.Output as { 'x-cog-array-display'?: string } | undefined;
	return output?.['x-cog-array-display'] === 'concatenate';
}

export function isPending({ status }: SandboxPrediction): boolean {
	return status === 'starting' || status === 'processing';
}

function metrics({ createdAt, startedAt, completedAt }: SandboxPrediction): object {
	const seconds = (from: number) => (completedAt! - from) / 1000;
	return { predict_time: seconds(startedAt ?? completedAt!), total_time: seconds(createdAt) };
}

/** Data URIs are not kept for reading back (OpenAPI document, `input`). */
function withoutDataUris(input: Record<string, unknown>): Record<string, unknown> {
	const isDataUri = (value: unknown) => typeof value === 'string' && value.startsWith('data:');
	return Object.fromEntries(
		Object.entries(input).filter(
			([, value]) => !isDataUri(value) && !(Array.isArray(value) && value.some(isDataUri)),
		),
	);
}

/** 26 lower-case letters and digits, like Replicate's. */
function newId(): string {
	const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
	return [...randomBytes(26)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

function isoTime(ms: number): string {
	return new Date(ms).toISOString();
}
