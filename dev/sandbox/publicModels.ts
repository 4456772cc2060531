import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExamplePrediction } from './models/model';
import { splitPublicModels } from './publicModelFile.js';

/** What the index says of a public model (data of January 2025): all that lists and searches show. */
export interface PublicModelEntry {
	owner: string;
	name: string;
	description: string | null;
	run_count: number;
	created_at: string;
	cover_image_url: string | null;
	github_url: string | null;
	paper_url: string | null;
	license_url: string | null;
	is_official: boolean;
	latest_version: { id: string; created_at: string; cog_version: string };
	/** Where the whole model is in the file of all models, in bytes. */
	at: number;
	bytes: number;
}

/** A model as the package with all public models has it. */
export interface PublicModel extends Omit<PublicModelEntry, 'is_official' | 'at' | 'bytes'> {
	default_example: (ExamplePrediction & { webhook?: string }) | null;
	latest_version: PublicModelEntry['latest_version'] & {
		openapi_schema: { components: { schemas: Record<string, object> } };
	};
}

/** All public models without their schemas and examples, the newest version first. */
export function readPublicModelIndex(): PublicModelEntry[] {
	const file = join(splitPublicModels(), 'index.json');
	return JSON.parse(readFileSync(file, 'utf8')) as PublicModelEntry[];
}

/** One public model with its schemas and its example. */
export function readPublicModel({ at, bytes }: PublicModelEntry): PublicModel {
	const file = openSync(join(splitPublicModels(), 'models.jsonl'), 'r');
	try {
		const line = Buffer.alloc(bytes);
		readSync(file, line, 0, bytes, at);
		return JSON.parse(line.toString()) as PublicModel;
	} finally {
		closeSync(file);
	}
}

/** All public models of Replicate with their schemas and examples: some 300 MB of memory. */
export async function readPublicModels(): Promise<PublicModel[]> {
	const text = await readFile(join(splitPublicModels(), 'models.jsonl'), 'utf8');
	return text
		.trimEnd()
		.split('\n')
		.map((line) => JSON.parse(line) as PublicModel);
}
