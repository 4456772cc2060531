import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../operation';
import * as getAll from './getAll.operation';

export const operations: Record<string, Operation> = { getAll };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['hardware'] } },
		options: [
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many kinds of hardware',
				description: 'List the machines that models and deployments can run on',
			},
		],
		default: 'getAll',
	},
];
