import {
	DEPLOYMENT_SHAPE,
	MODEL_SHAPE,
	VERSION_SHAPE,
	type Model,
	type ModelVersion,
	type OpenApiDocument,
	type Prediction,
} from '../api/shapes';
import type { ReplicateClient } from '../api/client';
import { ApiError, InputError } from '../api/errors';
import { modelInputs, type ModelInput } from '../schema/modelInputs';
import { DEPLOYMENT_PREDICTION, PREDICTION, type JobTarget } from './jobKind';
import { parseDeployment, parseModelReference, type ModelReference } from './modelReference';

/** A model, or what a deployment runs, and what is known of it. */
export interface RunnableModel extends JobTarget {
	/** `owner/name`; unknown for a bare version id. */
	name?: string;
	schema?: OpenApiDocument | null;
	/** In the order of the form; `undefined` where the schema is unknown. */
	inputs?: ModelInput[];
	/** The prediction that the model's owner shows as its example, where that was read with it. */
	example?: Prediction | null;
}

/** The models of one node run, each read once however many items use it. */
export class Models {
	constructor(
		private readonly client: ReplicateClient,
		private readonly signal?: AbortSignal,
		private readonly until?: number,
		private readonly read = new Map<string, Promise<RunnableModel>>(),
	) {}

	/** The same models for an item whose time is up at `until`, a time in ms. */
	before(until: number): Models {
		return new Models(this.client, this.signal, until, this.read);
	}

	private get limits() {
		return { signal: this.signal, until: this.until };
	}

	/**
	 * Finds what to run for what a builder wrote. Official models run by name, community models by
	 * their latest version, and a given version stays as it is.
	 *
	 * @param version the version to run, when it was chosen beside the model
	 * @throws InputError when the text names no model, the model has nothing to run, or the version is
	 *                    not the model's own
	 * @throws ApiError   when Replicate does not know it
	 */
	async runnable(reference: string, version = ''): Promise<RunnableModel> {
		return await this.find(reference, version, false);
	}

	/** Finds what to train, as `runnable` does: official models, too, are trained by their version. */
	async trainable(reference: string, version = ''): Promise<RunnableModel> {
		return await this.find(reference, version, true);
	}

	private async find(reference: string, version: string, isTrained: boolean) {
		return await this.once(`model ${reference} ${version} ${isTrained}`, async () => {
			const parsed = withVersion(parseModelReference(reference), version);
			if (parsed.kind === 'model') return await this.latest(parsed);
			return await this.ownVersion(parsed, version.trim() !== '', isTrained);
		});
	}

	/**
	 * Finds what a deployment runs.
	 *
	 * @param name `owner/name`, or the address of the deployment's page
	 */
	async deployment(name: string): Promise<RunnableModel> {
		return await this.once(`deployment ${name}`, async () => {
			const deployment = parseDeployment(name);
			const { current_release: release } = await this.client.get(`/deployments/${deployment}`, {
				shape: DEPLOYMENT_SHAPE,
				what: `the deployment "${deployment}"`,
				...this.limits,
			});
			if (!release) {
				throw new InputError(`The deployment "${deployment}" has no release to run`, {
					code: 'deploymentWithoutRelease',
					deployment,
				});
			}
			const model = await this.findReleased(parseModelReference(release.model), release.version);
			return { ...model, kind: DEPLOYMENT_PREDICTION, deployment };
		});
	}

	/**
	 * The prediction that the owner of a model shows as its example, which is one of the latest version.
	 *
	 * @returns `undefined` where there is none, where it has no output, or where the model is not known
	 */
	async exampleOf({ name, example: known }: RunnableModel): Promise<Prediction | undefined> {
		const isUnread = known === undefined && name !== undefined;
		const example = isUnread ? (await this.runnable(name).catch(noneIfHidden))?.example : known;
		const isUsable = example?.status === 'succeeded' && !example.data_removed;
		if (!isUsable || example.output === null || example.output === undefined) return undefined;
		return { ...example, model: example.model ?? name };
	}

	/** The schema of an existing prediction's model, which tells text from files in its output. */
	async readSchema({ model, version, output }: Prediction): Promise<OpenApiDocument | undefined> {
		if (!model || output === null || output === undefined) return undefined;
		const isVersion = /^[0-9a-f]{64}$/.test(version ?? '');
		const known = await this.runnable(isVersion ? `${model}:${version}` : model).catch(
			// The model may be private or gone; the output's values then decide.
			() => undefined,
		);
		return known?.schema ?? undefined;
	}

	private async once(key: string, resolve: () => Promise<RunnableModel>): Promise<RunnableModel> {
		let model = this.read.get(key);
		if (!model) {
			model = resolve();
			this.read.set(key, model);
			// A failure that may pass is tried again for the next item; a missing model stays missing.
			model.catch((error: unknown) => {
				const status = error instanceof ApiError ? (error.status ?? 500) : 400;
				if (status === 429 || status >= 500) this.read.delete(key);
			});
		}
		return await model;
	}

	private async latest({ owner, name }: { owner: string; name: string }): Promise<RunnableModel> {
		const full = `${owner}/${name}`;
		return this.latestOf(full, await this.model(full));
	}

	private latestOf(full: string, model: Model): RunnableModel {
		const { latest_version: latest, default_example: example } = model;
		const isByName = model.is_official ?? !latest;
		if (!isByName && !latest) {
			throw new InputError(`The model "${full}" has no version to run`, {
				code: 'modelWithoutVersion',
				model: full,
			});
		}
		const schema = latest?.openapi_schema;
		return {
			kind: PREDICTION,
			version: isByName ? full : latest!.id,
			name: full,
			schema,
			inputs: modelInputs(schema),
			example: example ?? null,
		};
	}

	/**
	 * A given version of a model. Replicate runs a version whatever model is named beside it, so one of
	 * another model would be billed. It is the model's own only if Replicate reads it under the model, or
	 * the model names it as its latest: versions of official models cannot be read.
	 */
	private async ownVersion(
		{ owner, name, version }: { owner?: string; name?: string; version: string },
		isBeside: boolean,
		isTrained: boolean,
	): Promise<RunnableModel> {
		if (!owner || !name) return { kind: PREDICTION, version };
		const full = `${owner}/${name}`;
		const listed = await this.version(full, version);
		if (listed?.id === version) return runnableVersion(full, version, listed.openapi_schema);
		const model = await this.model(full);
		const latest = model.latest_version ?? undefined;
		if (model.is_official && !isTrained) {
			// Replicate refuses every version of an official model, its latest as well.
			if (latest?.id === version) return this.latestOf(full, model);
			throw new InputError(`The model "${full}" is official, and takes no version`, {
				code: 'versionOfOfficial',
				model: full,
				isBeside,
			});
		}
		if (latest?.id === version) return runnableVersion(full, version, latest.openapi_schema);
		throw new InputError(
			`This version belongs to another model: ${full} has no version ${version.slice(0, 12)}`,
			{ code: 'versionOfAnotherModel', model: full, version, isBeside },
		);
	}

	/** What a deployment runs is Replicate's own word, so it runs even where its schema is not shown. */
	private async findReleased(
		{ owner, name }: { owner?: string; name?: string },
		version: string,
	): Promise<RunnableModel> {
		if (!owner || !name) return { kind: PREDICTION, version };
		const full = `${owner}/${name}`;
		const known = await this.version(full, version);
		return runnableVersion(full, version, known?.openapi_schema);
	}

	private async model(name: string): Promise<Model> {
		return await this.client.get(`/models/${name}`, {
			shape: MODEL_SHAPE,
			what: `the model "${name}"`,
			...this.limits,
		});
	}

	/** A version as Replicate reads it under a model, if it does. */
	private async version(model: string, version: string): Promise<ModelVersion | undefined> {
		const path = `/models/${model}/versions/${version}`;
		return await this.client
			.get(path, { shape: VERSION_SHAPE, ...this.limits })
			.catch((error: unknown) => {
				if (error instanceof ApiError && error.status === 404) return undefined;
				throw error;
			});
	}
}

/** A deployment's or a version's model may be private, or gone. */
function noneIfHidden(error: unknown): undefined {
	if (error instanceof InputError) return undefined;
	if (error instanceof ApiError && error.status === 404) return undefined;
	throw error;
}

function runnableVersion(
	name: string,
	version: string,
	schema: OpenApiDocument | null | undefined,
): RunnableModel {
	return { kind: PREDICTION, version, name, schema, inputs: modelInputs(schema) };
}

/** @throws InputError when two different versions were chosen, or a text that is not a version */
function withVersion(reference: ModelReference, version: string): ModelReference {
	const chosen = version.trim();
	if (chosen === '' || chosen === 'latest') return reference;
	if (reference.kind === 'model') {
		return parseModelReference(`${reference.owner}/${reference.name}:${chosen}`);
	}
	if (reference.version === chosen) return reference;
	throw new InputError('The model names one version, and another one was chosen beside it', {
		code: 'versionTwice',
	});
}
