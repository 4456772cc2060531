import type { INodeProperties } from 'n8n-workflow';
import type { JsonObject } from '../../../shared/api/types';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';

export const description: INodeProperties[] = [];

/** Reads which account the token belongs to. */
export async function execute(run: NodeRun): Promise<ItemResult[]> {
	return [{ json: await run.client.get<JsonObject>('/account', { signal: run.signal }) }];
}
