import type { INodeProperties } from 'n8n-workflow';
import type { Hardware, JsonObject } from '../../../shared/api/types';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';

export const description: INodeProperties[] = [];

/** Lists the machines that models and deployments can run on. */
export async function execute(run: NodeRun): Promise<ItemResult[]> {
	const hardware = await run.client.get<Hardware[]>('/hardware', { signal: run.signal });
	return hardware.map((one) => ({ json: { ...one } as JsonObject }));
}
