import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../operation';
import * as create from './create.operation';
import * as remove from './delete.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';
import * as getExamples from './getExamples.operation';
import * as getReadme from './getReadme.operation';
import * as getVersions from './getVersions.operation';
import * as search from './search.operation';
import * as update from './update.operation';

export const operations: Record<string, Operation> = {
	create,
	delete: remove,
	get,
	getAll,
	getExamples,
	getReadme,
	getVersions,
	search,
	update,
};

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['model'] } },
		options: [
			{
				name: 'Create',
				value: 'create',
				action: 'Create a model',
				description: 'Make a model of your own, for a training or a push to fill',
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a model',
				description: 'Remove a private model of your own that has no versions',
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get a model',
				description: 'Read a model and its inputs: names, types, limits, choices, descriptions',
			},
			{
				name: 'Get Examples',
				value: 'getExamples',
				action: 'Get examples of a model',
				description: 'List example predictions with their inputs and outputs',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many models',
				description: 'List public models, the newest first',
			},
			{
				name: 'Get README',
				value: 'getReadme',
				action: 'Get the README of a model',
				description: 'Read what a model’s page says, as Markdown',
			},
			{
				name: 'Get Versions',
				value: 'getVersions',
				action: 'Get versions of a model',
				description: 'List the versions of a community model',
			},
			{
				name: 'Search',
				value: 'search',
				action: 'Search models',
				description: 'Find models by what they do',
			},
			{
				name: 'Update',
				value: 'update',
				action: 'Update a model',
				description: 'Change what the page of an own model shows',
			},
		],
		default: 'get',
	},
	...get.description,
	...getAll.description,
	...getExamples.description,
	...getReadme.description,
	...getVersions.description,
	...search.description,
	...create.description,
	...update.description,
	...remove.description,
];
