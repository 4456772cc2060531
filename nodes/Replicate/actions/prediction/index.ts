import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../operation';
import * as cancel from './cancel.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';
import * as run from './run.operation';

export const operations: Record<string, Operation> = { cancel, get, getAll, run };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['prediction'] } },
		options: [
			{
				name: 'Run a Model',
				value: 'run',
				action: 'Run a model',
				description: 'Send inputs and files to a model and get its result',
			},
			{
				name: 'Cancel',
				value: 'cancel',
				action: 'Cancel a prediction',
				description: 'End a prediction that is still running',
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get a prediction',
				description: 'Read a prediction and fetch its output files',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many predictions',
				description: 'List the account’s predictions, newest first',
			},
		],
		default: 'run',
	},
	...run.description,
	...get.description,
	...getAll.description,
	...cancel.description,
];
