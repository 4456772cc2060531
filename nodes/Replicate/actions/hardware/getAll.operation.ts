import type { INodeProperties } from 'n8n-workflow';
import { HARDWARE_SHAPE } from '../../../shared/api/shapes';
import type { JsonObject } from '../../../shared/api/json';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';

export const description: INodeProperties[] = [];

/** Lists the machines that models and deployments can run on. */
export async function execute(run: NodeRun): Promise<ItemResult[]> {
	const hardware = await run.client.get('/hardware', {
		shape: HARDWARE_SHAPE,
		signal: run.signal,
	});
	return hardware.map((one) => ({ json: { ...one } as JsonObject }));
}
