import { resource } from '../resource';
import * as create from './create.operation';
import * as remove from './delete.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';
import * as getExamples from './getExamples.operation';
import * as getReadme from './getReadme.operation';
import * as getVersions from './getVersions.operation';
import * as search from './search.operation';
import * as update from './update.operation';

export const model = resource('model', 'Model', 'get', {
	create: {
		name: 'Create',
		action: 'Create a model',
		description: 'Create a model of your own, as the destination of a training or a push',
		operation: create,
	},
	delete: {
		name: 'Delete',
		action: 'Delete a model',
		description: 'Remove one of your private models that has no versions',
		operation: remove,
	},
	get: {
		name: 'Get',
		action: 'Get a model',
		description: 'Read a model and its inputs: names, types, limits, choices, descriptions',
		hint: 'Only where the workflow itself needs to know a model’s inputs, such as a tool of an agent.',
		operation: get,
	},
	getExamples: {
		name: 'Get Examples',
		action: 'Get examples of a model',
		description: 'List example predictions with their inputs and outputs',
		operation: getExamples,
	},
	getAll: {
		name: 'Get Many',
		action: 'Get many models',
		description: 'List public models, the newest first',
		operation: getAll,
	},
	getReadme: {
		name: 'Get README',
		action: 'Get the README of a model',
		description: 'Read the text of a model’s page, as Markdown',
		operation: getReadme,
	},
	getVersions: {
		name: 'Get Versions',
		action: 'Get versions of a model',
		description: 'List the versions of a community model',
		operation: getVersions,
	},
	search: {
		name: 'Search',
		action: 'Search models',
		description: 'Find models by what they do',
		hint: 'Only where the workflow itself must find a model, such as a tool of an agent. To choose a model while you build, use the listSearch method of the parameter model of prediction run.',
		operation: search,
	},
	update: {
		name: 'Update',
		action: 'Update a model',
		description: 'Change the page of one of your models',
		operation: update,
	},
});
