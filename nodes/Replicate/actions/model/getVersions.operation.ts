import type { INodeProperties } from 'n8n-workflow';
import { limitFields, readLimit } from '../../../fields/limit';
import { simplify } from '../../../fields/output';
import type { Item, ItemResult } from '../../../host/item';
import { toJson } from '../../../shared/api/json';
import { modelVersions } from '../../../shared/models/catalog';
import { versionSummary } from '../../../shared/models/describe';
import { modelProperty, readModelName } from './modelName';

const show = { resource: ['model'], operation: ['getVersions'] };

export const description: INodeProperties[] = [
	modelProperty('getVersions'),
	...limitFields(show),
	simplify.at(show),
];

/** Lists a model's versions, newest first. An official model has none, which is no items. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const name = readModelName(item);
	const versions = await modelVersions(item.client, name, readLimit(item), item.signal);
	const isSimple = simplify.read(item);
	return versions.map((version) => ({
		json: isSimple ? versionSummary(version) : toJson(version),
	}));
}
