import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../operation';
import * as remove from './delete.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';
import * as upload from './upload.operation';

export const operations: Record<string, Operation> = { delete: remove, get, getAll, upload };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['file'] } },
		options: [
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a file',
				description: 'Remove a stored file',
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get a file',
				description: 'Read name, size, checksum and expiry of a stored file',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many files',
				description: 'List the account’s stored files, newest first',
			},
			{
				name: 'Upload',
				value: 'upload',
				action: 'Upload a file',
				description: 'Store a file at Replicate, to use it as input of several predictions',
			},
		],
		default: 'upload',
	},
	...upload.description,
	...get.description,
	...getAll.description,
	...remove.description,
];
