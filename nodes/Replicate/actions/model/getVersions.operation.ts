import type { INodeProperties } from 'n8n-workflow';
import { toJson } from '../../../shared/api/json';
import { modelVersions } from '../../../shared/models/catalog';
import { versionSummary } from '../../../shared/models/describe';
import { limitFields, readLimit } from '../limit';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { simplifyField } from '../simplifyField';
import { modelFields, readModelName } from './fields';

const show = { resource: ['model'], operation: ['getVersions'] };

export const description: INodeProperties[] = [
	...modelFields('getVersions'),
	...limitFields(show),
	simplifyField(show),
];

/** Lists a model's versions, newest first. An official model has none, and gives no items. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const name = readModelName(run, itemIndex);
	const limit = readLimit(run, itemIndex);
	const versions = await modelVersions(run.client, name, limit, run.signal);
	const isSimple = run.flag('simplify', itemIndex, true);
	return versions.map((version) => ({
		json: isSimple ? versionSummary(version) : toJson(version),
	}));
}
