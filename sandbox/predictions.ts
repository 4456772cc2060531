import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileAccess } from './fileAccess';
import type { Delivery } from './delivery';
import { OUTPUT_LIFETIME_MS } from './delivery';
import { versionOf, type SandboxModel } from './models/model';

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
	/** In ms. */
	cancelAfterMs?: number;
}

/** All predictions of the sandbox, and their lives. */
export class Predictions {
	/** Oldest first. */
	readonly all: SandboxPrediction[] = [];

	constructor(
		private readonly files: FileAccess,
		private readonly delivery: Delivery,
		private readonly bootMs: number,
		private readonly now: () => number,
	) {}

	create({
		owner,
		model,
		deployment,
		input,
		effective,
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
			deadline: cancelAfterMs === undefined ? undefined : this.now() + cancelAfterMs,
			cancel: () => {
				if (!isPending(prediction)) return;
				stop.abort();
				end(prediction, 'canceled', this.now());
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
						if (isPending(prediction))
							end(
								prediction,
								prediction.status === 'starting' ? 'aborted' : 'canceled',
								this.now(),
							);
						stop.abort();
					}, cancelAfterMs);
		try {
			await sleep(this.bootMs, undefined, { signal });
			prediction.status = 'processing';
			prediction.startedAt = this.now();
			const output = await prediction.model.run({
				input: effective,
				fetchFile: async (address) => await this.files.fetch(address, prediction.owner),
				deliver: async (bytes, name) => await this.delivery.deliver(bytes, name),
				setOutput: (partial) => (prediction.output = partial),
				log: (line) => (prediction.logs += `${line}\n`),
				signal,
			});
			if (!isPending(prediction)) return;
			prediction.output = output;
			end(prediction, 'succeeded', this.now());
		} catch (error) {
			if (!isPending(prediction)) return;
			prediction.error = (error as Error).message;
			end(prediction, 'failed', this.now());
		} finally {
			clearTimeout(timer);
		}
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
				cancel: `${baseUrl}/predictions/${id}/cancel`,
				get: `${baseUrl}/predictions/${id}`,
				web: `https://replicate.com/p/${id}`,
			},
		};
	}
}

export function isPending({ status }: SandboxPrediction): boolean {
	return status === 'starting' || status === 'processing';
}

function end(prediction: SandboxPrediction, status: Status, at: number): void {
	prediction.status = status;
	prediction.completedAt = at;
	if (status !== 'succeeded') prediction.output = null;
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
