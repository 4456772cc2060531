import type { INodeProperties } from 'n8n-workflow';
import { account } from './account';
import { collection } from './collection';
import { deployment } from './deployment';
import { file } from './file';
import { hardware } from './hardware';
import { model } from './model';
import { prediction } from './prediction';
import type { Resource } from './resource';
import { training } from './training';

/**
 * The node's resources by their values in workflows, in the order of n8n's list of actions: what most
 * builders look for comes first.
 */
export const resources: Record<string, Resource> = {
	prediction,
	model,
	file,
	deployment,
	training,
	collection,
	hardware,
	account,
};

/** The choice of the resource, and all that follows from it. */
export const resourceProperties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: Object.entries(resources).map(([value, { name }]) => ({ name, value })),
		default: 'prediction',
	},
	...Object.values(resources).flatMap(({ description }) => description),
];
