import type { INodeProperties } from 'n8n-workflow';
import { OBJECT_SHAPE } from '../../../shared/api/shape';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';
import { fileIdField, readFileId } from './fileId';

export const description: INodeProperties[] = [fileIdField('get')];

/** Reads what Replicate knows of a stored file. Its bytes are for models only. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const id = readFileId(run, itemIndex);
	const file = await run.client.get(`/files/${encodeURIComponent(id)}`, {
		shape: OBJECT_SHAPE,
		what: `the file "${id}"`,
		signal: run.signal,
	});
	return [{ json: file }];
}
