import type { INodeProperties } from 'n8n-workflow';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { modelFields, readModelName } from './fields';

export const description: INodeProperties[] = modelFields('delete');

/** Removes an own model. Replicate removes private ones without versions only. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const name = readModelName(run, itemIndex);
	await run.client.delete(`/models/${name}`, { what: `the model "${name}"`, signal: run.signal });
	return [{ json: { model: name, deleted: true } }];
}
