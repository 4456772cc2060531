import { publicRuns } from './models/publicRuns';
import { replay } from './models/replay';
import { versionOf, type SandboxModel } from './models/model';
import { readPublicModels, type PublicModel } from './publicModels';

let publicModels: Promise<SandboxModel[]> | undefined;

/** The models of the sandbox: its own, which really run, and the real public ones, which replay. */
export class Catalogue {
	/** @param own models that really run; the public ones are read when they are first needed */
	constructor(readonly own: SandboxModel[]) {}

	/** All models, the newest version first. */
	async all(): Promise<SandboxModel[]> {
		publicModels ??= publicSandboxModels();
		return [...this.own, ...(await publicModels)];
	}

	async find(owner: string, name: string): Promise<SandboxModel | undefined> {
		const isIt = (model: SandboxModel) => model.owner === owner && model.name === name;
		return this.own.find(isIt) ?? (await this.all()).find(isIt);
	}

	/**
	 * The model of a create's `version`: `owner/name` for official models, `owner/name:id`, or the bare
	 * id (changelog 2025-08-05). A community model by name alone and an official model's id are none.
	 */
	async runnable(version: string): Promise<SandboxModel | undefined> {
		const [name, id] = version.includes('/') ? version.split(':') : [undefined, version];
		const isIt = (one: SandboxModel) => {
			const isNamed = name === undefined || name === `${one.owner}/${one.name}`;
			return !one.isEmpty && isNamed && (one.official ? id === undefined : id === versionOf(one));
		};
		return this.own.find(isIt) ?? (await this.all()).find(isIt);
	}

	/** Models that hold every word in name, owner or description; names first, then the most used. */
	async search(query: string, limit: number): Promise<SandboxModel[]> {
		const words = query.toLowerCase().split(/\s+/).filter(Boolean);
		const ranked = (await this.all()).flatMap((model) => {
			const name = `${model.owner}/${model.name}`.toLowerCase();
			const text = `${name} ${model.description.toLowerCase()}`;
			if (!words.every((word) => text.includes(word))) return [];
			const inName = words.filter((word) => name.includes(word)).length;
			return [{ model, score: inName * 10 + Math.log10(1 + (model.details?.runCount ?? 0)) }];
		});
		ranked.sort((one, other) => other.score - one.score);
		return ranked.slice(0, limit).map(({ model }) => model);
	}
}

async function publicSandboxModels(): Promise<SandboxModel[]> {
	const newestFirst = (one: SandboxModel, other: SandboxModel) =>
		other.details!.versionCreatedAt.localeCompare(one.details!.versionCreatedAt);
	return (await readPublicModels()).map(toSandboxModel).sort(newestFirst);
}

function toSandboxModel(model: PublicModel): SandboxModel {
	const { owner, name, description, latest_version: latest, default_example: example } = model;
	return {
		owner,
		name,
		description: description ?? '',
		// The data is older than `is_official`; examples of official models were made by their service.
		official: example?.webhook?.includes('official-model-prediction') ?? false,
		schemas: latest.openapi_schema.components.schemas,
		details: {
			version: latest.id,
			versionCreatedAt: latest.created_at,
			cogVersion: latest.cog_version,
			runCount: model.run_count,
			createdAt: model.created_at,
			coverImageUrl: model.cover_image_url,
			githubUrl: model.github_url,
			paperUrl: model.paper_url,
			licenseUrl: model.license_url,
			example,
		},
		run:
			publicRuns[`${owner}/${name}`] ??
			replay(example?.output, latest.openapi_schema.components.schemas),
	};
}
