import { resource } from '../resource';
import * as create from './create.operation';
import * as remove from './delete.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';
import * as update from './update.operation';

export const deployment = resource('deployment', 'Deployment', 'get', {
	create: {
		name: 'Create',
		action: 'Create a deployment',
		description: 'Run a model on dedicated hardware',
		operation: create,
	},
	delete: {
		name: 'Delete',
		action: 'Delete a deployment',
		description: 'Remove a deployment that is offline and was not used for 15 minutes',
		operation: remove,
	},
	get: {
		name: 'Get',
		action: 'Get a deployment',
		description: 'Read a deployment and what it runs',
		operation: get,
	},
	getAll: {
		name: 'Get Many',
		action: 'Get many deployments',
		description: 'List the account’s deployments',
		operation: getAll,
	},
	update: {
		name: 'Update',
		action: 'Update a deployment',
		description: 'Change the version, the hardware or the number of machines',
		operation: update,
	},
});
