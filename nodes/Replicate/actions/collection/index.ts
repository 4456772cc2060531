import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';

export const operations: Record<string, Operation> = { get, getAll };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['collection'] } },
		options: [
			{
				name: 'Get',
				value: 'get',
				action: 'Get a collection',
				description: 'Read a collection with its models',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many collections',
				description: 'List Replicate’s collections of models',
			},
		],
		default: 'get',
	},
	...get.description,
	...getAll.description,
];
