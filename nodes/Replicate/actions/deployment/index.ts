import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../operation';
import * as create from './create.operation';
import * as remove from './delete.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';
import * as update from './update.operation';

export const operations: Record<string, Operation> = {
	create,
	delete: remove,
	get,
	getAll,
	update,
};

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['deployment'] } },
		options: [
			{
				name: 'Create',
				value: 'create',
				action: 'Create a deployment',
				description: 'Put a model on machines of your own',
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a deployment',
				description: 'Remove a deployment that is offline and was not used for 15 minutes',
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get a deployment',
				description: 'Read a deployment and what it runs',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many deployments',
				description: 'List the account’s deployments',
			},
			{
				name: 'Update',
				value: 'update',
				action: 'Update a deployment',
				description: 'Change version, hardware or number of machines',
			},
		],
		default: 'get',
	},
	...create.description,
	...remove.description,
	...get.description,
	...getAll.description,
	...update.description,
];
