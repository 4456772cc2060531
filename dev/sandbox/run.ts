import { randomBytes } from 'node:crypto';
import type { SandboxModel } from './models/model';
import type { WebhookEvent } from './webhooks';

type Status = 'starting' | 'processing' | 'succeeded' | 'failed' | 'canceled' | 'aborted';

/** A prediction, or a training, as the sandbox keeps it. */
export interface SandboxPrediction {
	id: string;
	owner: string;
	model: SandboxModel;
	/** `owner/name` of the deployment that runs it. */
	deployment?: string;
	/** `owner/name` of the model that a training makes a version of. */
	destination?: string;
	/** As it was sent, with data URIs. */
	input: Record<string, unknown>;
	output: unknown;
	/** The part of its output that was there when it failed or was cancelled; streams still send it. */
	written?: unknown;
	error: string | null;
	logs: string;
	status: Status;
	/** What the model counts besides its time. */
	metrics: Record<string, number>;
	createdAt: number;
	startedAt?: number;
	completedAt?: number;
	/** Input, output and logs are gone. */
	dataRemoved: boolean;
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
	destination?: string;
	/** As sent. */
	input: Record<string, unknown>;
	/** With the schema's defaults, as the model sees it. */
	effective: Record<string, unknown>;
	webhook?: SandboxPrediction['webhook'];
	/** In ms. */
	cancelAfterMs?: number;
}

/** A run that was just created. */
export function unstarted(
	asked: Omit<NewPrediction, 'effective' | 'cancelAfterMs'>,
	createdAt: number,
): SandboxPrediction {
	return {
		id: newId(),
		...asked,
		output: null,
		error: null,
		logs: '',
		status: 'starting',
		metrics: {},
		createdAt,
		dataRemoved: false,
		cancel: () => undefined,
		ended: Promise.resolve(),
	};
}

export function isPending({ status }: SandboxPrediction): boolean {
	return status === 'starting' || status === 'processing';
}

/** 26 lower-case letters and digits, like Replicate's. */
function newId(): string {
	const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
	return [...randomBytes(26)].map((byte) => alphabet[byte % alphabet.length]).join('');
}
