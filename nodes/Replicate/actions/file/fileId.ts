import type { INodeProperties } from 'n8n-workflow';
import { ParameterError } from '../../../fields/parameterError';
import type { NodeRun } from '../nodeRun';

/** The field that names a stored file. */
export function fileIdField(operation: string): INodeProperties {
	return {
		displayName: 'File ID',
		name: 'fileId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. cneqzikepnug6xezperrr4z55o',
		description: 'The ID that an upload gave, or the file’s API address',
		displayOptions: { show: { resource: ['file'], operation: [operation] } },
	};
}

/**
 * Reads a file's id, also out of its address.
 *
 * @throws InputError when it is empty or cannot be an id
 */
export function readFileId(run: NodeRun, itemIndex: number): string {
	const text = run.text('fileId', itemIndex).trim();
	const id = text.replace(/^https?:\/\/\S*\/files\//, '');
	if (/^[\w=-]+$/.test(id)) return id;
	throw new ParameterError(
		text === '' ? 'No file ID was given' : `"${text}" is not a file ID`,
		'Use the id of an earlier upload, for example {{ $json.id }}.',
	);
}
