import type { INodeProperties } from 'n8n-workflow';
import { OBJECT_SHAPE } from '../../../shared/api/shape';
import { readPages } from '../../../shared/api/pages';
import { limitFields, readLimit } from '../limit';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';

export const description: INodeProperties[] = limitFields({
	resource: ['deployment'],
	operation: ['getAll'],
});

/** Lists the account's deployments. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const limit = readLimit(run, itemIndex);
	const options = { signal: run.signal };
	const deployments = await readPages(run.client, '/deployments', OBJECT_SHAPE, limit, options);
	return deployments.map((json) => ({ json }));
}
