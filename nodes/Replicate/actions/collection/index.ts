import { resource } from '../resource';
import * as get from './get.operation';
import * as getAll from './getAll.operation';

export const collection = resource('collection', 'Collection', 'get', {
	get: {
		name: 'Get',
		action: 'Get a collection',
		description: 'Read a collection with its models',
		operation: get,
	},
	getAll: {
		name: 'Get Many',
		action: 'Get many collections',
		description: 'List Replicate’s collections of models',
		operation: getAll,
	},
});
