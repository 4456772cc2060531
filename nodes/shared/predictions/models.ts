import type { ReplicateClient } from '../api/client';
import { ApiError, InputError } from '../api/errors';
import type { Model, ModelVersion, OpenApiDocument, Prediction } from '../api/types';
import { parseModelReference, type ModelReference } from './modelReference';

/** What is needed to run a model: what to send as `version`, and its schema where known. */
export interface RunnableModel {
	/** `owner/name` for official models, else a version id (API: predictions.create). */
	version: string;
	/** `owner/name`; unknown for a bare version id. */
	name?: string;
	schema?: OpenApiDocument | null;
}

/** The models of one node run, each read once however many items use it. */
export class Models {
	private readonly read = new Map<string, Promise<RunnableModel>>();

	constructor(
		private readonly client: ReplicateClient,
		private readonly signal?: AbortSignal,
	) {}

	/**
	 * Finds what to run for what a builder wrote. Official models run by name, community models by
	 * their latest version, and a given version stays as it is.
	 *
	 * @throws InputError when the text names no model, or the model has nothing to run
	 * @throws ApiError   when Replicate does not know it
	 */
	async runnable(reference: string): Promise<RunnableModel> {
		let model = this.read.get(reference);
		if (!model) {
			model = this.resolve(parseModelReference(reference));
			this.read.set(reference, model);
		}
		return await model;
	}

	/** The schema of an existing prediction's model, which tells text from files in its output. */
	async schemaOf({ model, version, output }: Prediction): Promise<OpenApiDocument | undefined> {
		if (!model || output === null || output === undefined) return undefined;
		const isVersion = /^[0-9a-f]{64}$/.test(version ?? '');
		const known = await this.runnable(isVersion ? `${model}:${version}` : model).catch(
			// The model may be private or gone; the output's values then decide.
			() => undefined,
		);
		return known?.schema ?? undefined;
	}

	private async resolve(reference: ModelReference): Promise<RunnableModel> {
		if (reference.kind === 'version') return await this.pinned(reference);
		const { owner, name } = reference;
		const full = `${owner}/${name}`;
		const model = await this.client.get<Model>(`/models/${full}`, {
			what: `the model "${full}"`,
			signal: this.signal,
		});
		const latest = model.latest_version;
		const byName = model.is_official ?? !latest;
		if (byName) return { version: full, name: full, schema: latest?.openapi_schema };
		if (!latest) {
			throw new InputError(
				`The model "${full}" has no version that could run`,
				'Push a version with Cog or choose another model.',
			);
		}
		return { version: latest.id, name: full, schema: latest.openapi_schema };
	}

	/** A given version runs even where its schema cannot be read, as with some official models. */
	private async pinned({
		owner,
		name,
		version,
	}: Extract<ModelReference, { kind: 'version' }>): Promise<RunnableModel> {
		if (!owner || !name) return { version };
		const known = await this.client
			.get<ModelVersion>(`/models/${owner}/${name}/versions/${version}`, { signal: this.signal })
			.catch((error: unknown) => {
				if (error instanceof ApiError && error.status === 404) return undefined;
				throw error;
			});
		return { version, name: `${owner}/${name}`, schema: known?.openapi_schema };
	}
}
