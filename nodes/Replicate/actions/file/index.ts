import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../operation';
import * as upload from './upload.operation';

export const operations: Record<string, Operation> = { upload };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['file'] } },
		options: [
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
];
