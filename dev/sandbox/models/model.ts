import { createHash } from 'node:crypto';
import type { Answer, Language } from '../language';

/** A file that a model has fetched. */
export interface FetchedFile {
	/** Where it lies on disk, or the bytes of a data URI. */
	content: string | Buffer;
	name: string;
	mimeType: string;
	/** Bytes. */
	size: number;
	sha256: string;
}

/** What a running model can do. */
export interface RunContext {
	/** The prediction's input with the schema's defaults filled in. */
	input: Record<string, unknown>;
	/** Fetches an input file as a model at Replicate would: a Files API URL, https URL or data URI. */
	fetchFile(address: string): Promise<FetchedFile>;
	/** Puts an output file on the delivery origin and gives its URL. */
	deliver(bytes: Buffer, name: string): Promise<string>;
	/**
	 * Puts an output file on the API's own origin, where it needs the account's token.
	 *
	 * @param redirectTo an address that the API redirects to instead of giving the bytes
	 * @returns its URL
	 */
	deliverToOwner(bytes: Buffer, name: string, redirectTo?: string): string;
	/** Shows a part of the output while the model still runs. */
	setOutput(output: unknown): void;
	log(line: string): void;
	/** Counts something besides time, such as `image_count`; it is in the prediction's `metrics`. */
	metric(name: string, value: number): void;
	/** What a test wants this model to say next, which is used up by it. */
	scriptedAnswer(): Promise<Answer | undefined>;
	/** How language models speak. */
	language: Language;
	/** Aborted when the prediction is cancelled. */
	signal: AbortSignal;
}

/** One model of the sandbox, described as Cog describes a real one. */
export interface SandboxModel {
	owner: string;
	name: string;
	description: string;
	/** Official models run by name, community models by version. */
	official: boolean;
	/** The version of OpenAPI that its schemas are in; 3.1 knows the type null. */
	openapi?: '3.0.2' | '3.1.0';
	/** JSON schemas by name; `Input` and `Output` are needed, enums go beside them. */
	schemas: Record<string, object>;
	visibility?: 'public' | 'private';
	/** Further fields of its page, by the API's names; the README among them. */
	page?: Record<string, string>;
	/** Whether it has no version yet. */
	isEmpty?: boolean;
	/** The input of the example on its page, of a model that runs here: it is run when it is first read. */
	exampleInput?: Record<string, unknown>;
	/** What the API says of a model besides; the sandbox's own models have none of it. */
	details?: ModelDetails;
	run(context: RunContext): Promise<unknown>;
}

/** Facts about a real model, in the API's own words. */
export interface ModelDetails {
	version: string;
	versionCreatedAt: string;
	cogVersion: string;
	runCount: number;
	createdAt: string;
	coverImageUrl: string | null;
	githubUrl: string | null;
	paperUrl: string | null;
	licenseUrl: string | null;
	/** A prediction as the API gives it. */
	example: ExamplePrediction | null;
}

export interface ExamplePrediction {
	input?: Record<string, unknown>;
	output?: unknown;
	[key: string]: unknown;
}

/** A model's version id: 64 hex digits, the same in each start. */
export function versionOf({
	owner,
	name,
	details,
}: Pick<SandboxModel, 'owner' | 'name' | 'details'>): string {
	if (details) return details.version;
	return createHash('sha256').update(`${owner}/${name}`).digest('hex');
}
