import type { FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts';
import type { Catalogue } from '../catalogue';
import type { Deployments } from '../deployments';
import type { Examples } from '../examples';
import type { Faults } from '../faults';
import type { Holds } from '../holds';
import type { Language } from '../language';
import type { OutputFiles } from '../outputFiles';
import type { RouteCounts } from '../requestLog';
import type { FileStore } from '../fileStore';
import type { Predictions } from '../predictions';
import type { CreateLimit } from '../createLimit';
import type { Webhooks } from '../webhooks';

/** What the routes of the API work on. */
export interface Api {
	/** The address of the API as its responses name it, known once it listens. */
	baseUrl: string;
	accounts: Accounts;
	examples: Examples;
	faults: Faults;
	holds: Holds;
	language: Language;
	counts: RouteCounts;
	files: FileStore;
	outputFiles: OutputFiles;
	catalogue: Catalogue;
	deployments: Deployments;
	predictions: Predictions;
	trainings: Predictions;
	createLimit: CreateLimit;
	webhooks: Webhooks;
	/** Bytes. */
	maxFileBytes: number;
	/** The status of a finished prediction in the response to a held create. */
	heldStatus: 'succeeded' | 'processing';
	/** `Prefer: wait` without a number, and its most, in s. */
	longestHoldSeconds: number;
	now: () => number;
}

/** The user that a request's token belongs to. */
export function ownerOf(api: Api, request: FastifyRequest): string {
	return api.accounts.username(request.headers.authorization);
}
