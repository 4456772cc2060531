import type { INodeProperties } from 'n8n-workflow';
import { COLLECTION_SHAPE } from '../../../shared/api/shapes';
import { readPages } from '../../../shared/api/pages';
import { toJson } from '../../../shared/api/json';
import { limitFields, readLimit } from '../limit';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';

export const description: INodeProperties[] = limitFields({
	resource: ['collection'],
	operation: ['getAll'],
});

/** Lists Replicate's collections, without their models. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const limit = readLimit(run, itemIndex);
	const options = { signal: run.signal };
	const collections = await readPages(run.client, '/collections', COLLECTION_SHAPE, limit, options);
	return collections.map((collection) => ({ json: toJson({ ...collection }) }));
}
