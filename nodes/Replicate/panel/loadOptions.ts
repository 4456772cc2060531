import { deployment } from '../../fields/deployment';
import { model } from '../../fields/model';
import { target } from '../../fields/target';
import { openClient } from '../../host/host';
import { textOf } from '../../shared/api/json';
import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { COLLECTION_SHAPE, HARDWARE_SHAPE, type ModelVersion } from '../../shared/api/shapes';
import { readPages } from '../../shared/api/pages';
import { readTarget, readTrained } from '../../jobs/input/target';
import { modelVersions } from '../../shared/models/catalog';
import { describeInput } from '../../shared/models/describe';
import { parseModelReference } from '../../shared/models/modelReference';
import { Models, type RunnableModel } from '../../shared/models/models';
import type { ModelInput } from '../../shared/schema/modelInputs';
import { panelSource } from './panelSource';

/** Versions that the list shows. */
const SHOWN_VERSIONS = 200;
/** Collections that the list shows. */
const SHOWN_COLLECTIONS = 500;

/** The versions of the chosen model; an official one has the latest only. */
export async function getVersions(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const latest = { name: 'Latest', value: '', description: 'The newest at the time of each run' };
	const chosen = model.read(panelSource(this));
	if (chosen === '' || chosen.startsWith('=')) return [latest];
	const reference = parseModelReference(chosen);
	if (!reference.owner || !reference.name) return [latest];
	const client = await openClient(this);
	const name = `${reference.owner}/${reference.name}`;
	const versions = await modelVersions(client, name, SHOWN_VERSIONS);
	return [latest, ...versions.map(versionEntry)];
}

function versionEntry({ id, created_at: createdAt }: ModelVersion): INodePropertyOptions {
	const day = createdAt?.slice(0, 16).replace('T', ' ');
	return { name: [day, id.slice(0, 12)].filter(Boolean).join(' · '), value: id };
}

/** Replicate's collections of models. */
export async function getCollections(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const client = await openClient(this);
	const collections = await readPages(client, '/collections', COLLECTION_SHAPE, SHOWN_COLLECTIONS);
	return collections.map(({ name, slug, description }) => ({
		name,
		value: slug,
		description: description ?? undefined,
	}));
}

/** The machines that a deployment can run on. */
export async function getHardware(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const hardware = await (await openClient(this)).get('/hardware', { shape: HARDWARE_SHAPE });
	return hardware.map(({ name, sku }) => ({ name, value: sku }));
}

/**
 * The inputs of the chosen model or deployment, for what cannot read the form: n8n's Assistant knows
 * lists of options and locators, and no resource mappers (n8n 2.41).
 */
export async function getModelInputs(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const parameters = panelSource(this);
	const chosen = (target.read(parameters) === 'deployment' ? deployment : model).read(parameters);
	if (chosen === '' || chosen.startsWith('=')) return [];
	return inputEntries(await readTarget(new Models(await openClient(this)), parameters));
}

/** The same for a training of the chosen model. */
export async function getTrainingInputs(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const parameters = panelSource(this);
	const chosen = model.read(parameters);
	if (chosen === '' || chosen.startsWith('=')) return [];
	return inputEntries(await readTrained(new Models(await openClient(this)), parameters));
}

function inputEntries({ inputs = [] }: RunnableModel): INodePropertyOptions[] {
	return inputs.map((input) => ({
		name: inputLine(input),
		value: input.name,
		description: input.description,
	}));
}

/** All that a value must be, on one line: "num_outputs (integer, 1 to 4, default 1)". */
function inputLine(input: ModelInput): string {
	const { name, type, required, range, maxLength, choices, ...rest } = describeInput(input);
	const parts = [
		type,
		required ? 'required' : '',
		range ?? '',
		maxLength === undefined ? '' : `at most ${textOf(maxLength)} characters`,
		choices === undefined ? '' : `one of ${JSON.stringify(choices)}`,
		rest.default === undefined ? '' : `default ${JSON.stringify(rest.default)}`,
		rest.deprecated ? 'deprecated' : '',
	];
	return `${textOf(name)} (${parts.filter((part) => part !== '').join(', ')})`;
}
