import type { INodeProperties } from 'n8n-workflow';
import { ParameterError } from '../../../fields/parameterError';
import type { JsonObject } from '../../../shared/api/json';
import { findFile } from '../../../shared/files/inputs';
import { routeFiles } from '../../../shared/files/route';
import type { NodeRun } from '../nodeRun';
import type { ItemResult } from '../operation';

export const description: INodeProperties[] = [
	{
		displayName: 'Input Binary Field',
		name: 'binaryField',
		type: 'string',
		required: true,
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the input field that holds the file',
		displayOptions: { show: { resource: ['file'], operation: ['upload'] } },
	},
];

/** Uploads the item's file, of up to 100 MiB, and gives Replicate's record of it. */
export async function execute(run: NodeRun, itemIndex: number): Promise<ItemResult[]> {
	const field = run.parameter<unknown>('binaryField', itemIndex, 'data');
	const found = await findFile('The upload', field, run.itemFiles(itemIndex));
	if (found.kind === 'text') {
		throw new ParameterError(
			'The upload needs a binary field, and got an address',
			'A file that is on the web already needs no upload: pass its URL to the model.',
		);
	}
	routeFiles([found.file], { fileRouting: 'upload', dataUriMaxBytes: 0 });
	const stored = await run.uploads.upload(found.file, { signal: run.signal });
	return [{ json: { ...stored } as JsonObject }];
}
