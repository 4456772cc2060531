import type { INodeProperties } from 'n8n-workflow';
import { OBJECT_SHAPE } from '../../../shared/api/shape';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';

export const description: INodeProperties[] = [];

/** Reads which account the token belongs to. */
export async function execute(run: NodeRun): Promise<ItemResult[]> {
	return [{ json: await run.client.get('/account', { shape: OBJECT_SHAPE, signal: run.signal }) }];
}
