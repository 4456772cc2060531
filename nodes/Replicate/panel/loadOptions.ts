import { model } from '../../fields/model';
import { openClient } from '../../host/host';
import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { COLLECTION_SHAPE, HARDWARE_SHAPE, type ModelVersion } from '../../shared/api/shapes';
import { readPages } from '../../shared/api/pages';
import { modelVersions } from '../../shared/models/catalog';
import { parseModelReference } from '../../shared/models/modelReference';
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
