import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ExamplePrediction } from './models/model';

/** A model as the package with all public models has it (data of January 2025). */
export interface PublicModel {
	owner: string;
	name: string;
	description: string | null;
	run_count: number;
	created_at: string;
	cover_image_url: string | null;
	github_url: string | null;
	paper_url: string | null;
	license_url: string | null;
	default_example: (ExamplePrediction & { webhook?: string }) | null;
	latest_version: {
		id: string;
		created_at: string;
		cog_version: string;
		openapi_schema: { components: { schemas: Record<string, object> } };
	};
}

/** All public models of Replicate with their schemas and examples, out of the npm package. */
export async function readPublicModels(): Promise<PublicModel[]> {
	const folder = dirname(require.resolve('all-the-public-replicate-models'));
	return JSON.parse(await readFile(join(folder, 'models.json'), 'utf8')) as PublicModel[];
}
