import type { INodeProperties } from 'n8n-workflow';
import { valueField } from '../../../fields/field';
import type { Item, ItemResult } from '../../../host/item';
import { ParameterError } from '../../../fields/parameterError';
import { toJson } from '../../../shared/api/json';
import { findFile } from '../../../shared/files/inputs';
import { routeFiles } from '../../../shared/files/route';

const binaryField = valueField({
	displayName: 'Input Binary Field',
	name: 'binaryField',
	type: 'string',
	required: true,
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the input field that holds the file',
});

export const description: INodeProperties[] = [
	binaryField.at({ resource: ['file'], operation: ['upload'] }),
];

/** Uploads the item's file, of up to 100 MiB, and returns Replicate's record of it. */
export async function execute(item: Item): Promise<ItemResult[]> {
	const found = await findFile('The upload', binaryField.read(item), item.files);
	if (found.kind === 'text') {
		throw new ParameterError(
			'The upload needs a binary field, and got a URL',
			'A file that is already on the web needs no upload: pass its URL to the model.',
		);
	}
	routeFiles([found.file], { fileRouting: 'upload', dataUriMaxBytes: 0 });
	const stored = await item.run.uploads.upload(found.file, { signal: item.signal });
	return [{ json: toJson(stored) }];
}
