import { publicRuns } from './models/publicRuns';
import { replay } from './models/replay';
import { versionOf, type SandboxModel } from './models/model';
import {
	readPublicModel,
	readPublicModelIndex,
	type PublicModel,
	type PublicModelEntry,
} from './publicModels';

/** The public models by `owner/name`, the newest version first; one for all sandboxes of a process. */
let publicModels: Map<string, SandboxModel> | undefined;

/** The models of the sandbox: its own, which really run, and the real public ones, which replay. */
export class Catalogue {
	/** @param own models that really run; the public ones are read when they are first needed */
	constructor(readonly own: SandboxModel[]) {}

	/** All models, the newest version first. */
	all(): SandboxModel[] {
		return [...this.own, ...publicSandboxModels().values()];
	}

	find(owner: string, name: string): SandboxModel | undefined {
		const isIt = (model: SandboxModel) => model.owner === owner && model.name === name;
		return this.own.find(isIt) ?? publicSandboxModels().get(`${owner}/${name}`);
	}

	/**
	 * The model of a create's `version`: `owner/name` for official models, `owner/name:id`, or the bare
	 * id (changelog 2025-08-05). A community model by name alone and an official model's id are none.
	 */
	runnable(version: string): SandboxModel | undefined {
		const [name, id] = version.includes('/') ? version.split(':') : [undefined, version];
		const isIt = (one: SandboxModel) => {
			const isNamed = name === undefined || name === `${one.owner}/${one.name}`;
			return !one.isEmpty && isNamed && (one.official ? id === undefined : id === versionOf(one));
		};
		return this.own.find(isIt) ?? this.all().find(isIt);
	}

	/** Models that hold every word in name, owner or description; names first, then the most used. */
	search(query: string, limit: number): SandboxModel[] {
		const words = query.toLowerCase().split(/\s+/).filter(Boolean);
		const ranked = this.all().flatMap((model) => {
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

function publicSandboxModels(): Map<string, SandboxModel> {
	publicModels ??= new Map(
		readPublicModelIndex().map((entry) => [`${entry.owner}/${entry.name}`, toSandboxModel(entry)]),
	);
	return publicModels;
}

/** A public model as the index has it; its schemas and example are read when they are asked for. */
function toSandboxModel(entry: PublicModelEntry): SandboxModel {
	const { owner, name, latest_version: latest } = entry;
	let whole: PublicModel | undefined;
	const read = () => (whole ??= readPublicModel(entry));
	const schemas = () => read().latest_version.openapi_schema.components.schemas;
	return {
		owner,
		name,
		description: entry.description ?? '',
		official: entry.is_official,
		get schemas() {
			return schemas();
		},
		details: {
			version: latest.id,
			versionCreatedAt: latest.created_at,
			cogVersion: latest.cog_version,
			runCount: entry.run_count,
			createdAt: entry.created_at,
			coverImageUrl: entry.cover_image_url,
			githubUrl: entry.github_url,
			paperUrl: entry.paper_url,
			licenseUrl: entry.license_url,
			get example() {
				return read().default_example;
			},
		},
		run: async (context) => {
			const run =
				publicRuns[`${owner}/${name}`] ?? replay(read().default_example?.output, schemas());
			return await run(context);
		},
	};
}
