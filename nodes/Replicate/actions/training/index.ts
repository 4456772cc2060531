import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../operation';
import * as cancel from './cancel.operation';
import * as create from './create.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';

export const operations: Record<string, Operation> = { cancel, create, get, getAll };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['training'] } },
		options: [
			{
				name: 'Cancel',
				value: 'cancel',
				action: 'Cancel a training',
				description: 'End a training that is still running',
			},
			{
				name: 'Create',
				value: 'create',
				action: 'Create a training',
				description: 'Train a model on files of yours, into a model of yours',
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get a training',
				description: 'Read a training, and wait for its end if you like',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many trainings',
				description: 'List the account’s trainings, newest first',
			},
		],
		default: 'create',
	},
	...create.description,
	...get.description,
	...getAll.description,
	...cancel.description,
];
