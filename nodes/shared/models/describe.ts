import type { JsonObject, JsonValue } from '../api/json';
import type { Model, ModelVersion, OpenApiDocument } from '../api/shapes';
import { modelInputs, rangeOf, type ModelInput } from '../schema/modelInputs';
import { SchemaReader } from '../schema/openApi';
import type { ModelSummary, VersionSummary } from './describedShapes';

/** What a list says of a model: enough to choose by, without its schema. */
export function modelSummary(model: Model): ModelSummary & JsonObject {
	const { owner, name, description, is_official: isOfficial, run_count: runCount } = model;
	return {
		model: `${owner}/${name}`,
		description: description ?? '',
		official: isOfficial ?? false,
		runCount: runCount ?? 0,
		visibility: model.visibility ?? 'public',
		url: model.url ?? `https://replicate.com/${owner}/${name}`,
		coverImageUrl: model.cover_image_url ?? null,
		latestVersion: model.latest_version?.id ?? null,
	};
}

/** A model with its inputs, so that a person or an AI agent can fill them in. */
export function modelDetails(model: Model): JsonObject {
	const schema = model.latest_version?.openapi_schema;
	return {
		...modelSummary(model),
		githubUrl: model.github_url ?? null,
		paperUrl: model.paper_url ?? null,
		licenseUrl: model.license_url ?? null,
		createdAt: model.created_at ?? null,
		inputs: (modelInputs(schema) ?? []).map(describeInput),
		output: outputKind(schema),
		exampleInput: model.default_example?.input ?? null,
	};
}

/** A version without its schema. */
export function versionSummary({
	id,
	created_at,
	cog_version,
}: ModelVersion): VersionSummary & JsonObject {
	return { version: id, createdAt: created_at ?? null, cogVersion: cog_version ?? null };
}

/** Names of the kinds of inputs for readers who do not know the schema's words. */
const TYPE_WORDS: Partial<Record<ModelInput['kind'], string>> = {
	fileList: 'list of files',
	either: 'file or list of files',
	json: 'any',
};

/** One input in words: name, type, limits, choices, description; what is not known is left out. */
export function describeInput(input: ModelInput): JsonObject {
	const { name, kind, required, description, choices, items, maxLength } = input;
	const described: Record<string, JsonValue | undefined> = {
		name,
		type: typeWords(input),
		required,
		description,
		default: kind === 'secret' ? undefined : input.default,
		minimum: input.minimum,
		maximum: input.maximum,
		range: rangeOf(input),
		maxLength,
		choices: choices ?? items?.choices,
		deprecated: input.deprecated || undefined,
	};
	return Object.fromEntries(
		Object.entries(described).filter(
			(entry): entry is [string, JsonValue] => entry[1] !== undefined,
		),
	);
}

function typeWords({ kind, items, types = [] }: ModelInput): string {
	if (kind === 'list' && items) return `list of ${items.kind}`;
	if (kind === 'json' && types.length > 0) return types.join(' or ');
	return TYPE_WORDS[kind] ?? kind;
}

/** What the model gives, as its schema says it: `string`, `file`, `list of files` and so on. */
function outputKind(schema?: OpenApiDocument | null): string | null {
	const reader = new SchemaReader(schema);
	const output = reader.output();
	if (!output) return null;
	const node = reader.resolved(output);
	const kind = reader.fileKind(node);
	if (kind) return TYPE_WORDS[kind] ?? kind;
	if (node.type === 'array' && node['x-cog-array-display'] === 'concatenate') return 'text';
	if (node.type === 'string') return 'text';
	return typeof node.type === 'string' ? node.type : 'any';
}
