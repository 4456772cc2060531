import type { INodeProperties } from 'n8n-workflow';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { fileIdField, readFileId } from './fileId';

export const description: INodeProperties[] = [fileIdField('delete')];

/** Removes a stored file from Replicate. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const id = readFileId(run, itemIndex);
	await run.client.delete(`/files/${encodeURIComponent(id)}`, {
		what: `the file "${id}"`,
		signal: run.signal,
	});
	return [{ json: { id, deleted: true } }];
}
