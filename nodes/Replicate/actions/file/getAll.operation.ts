import type { INodeProperties } from 'n8n-workflow';
import { OBJECT_SHAPE } from '../../../shared/api/shape';
import { readPages } from '../../../shared/api/pages';
import { limitFields, readLimit } from '../limit';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';

export const description: INodeProperties[] = limitFields({
	resource: ['file'],
	operation: ['getAll'],
});

/** Lists the account's stored files, newest first. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const limit = readLimit(run, itemIndex);
	const files = await readPages(run.client, '/files', OBJECT_SHAPE, limit, { signal: run.signal });
	return files.map((file) => ({ json: file }));
}
