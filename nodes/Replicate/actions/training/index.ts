import { resource } from '../resource';
import * as cancel from './cancel.operation';
import * as create from './create.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';

export const training = resource('training', 'Training', 'create', {
	cancel: {
		name: 'Cancel',
		action: 'Cancel a training',
		description: 'Cancel a training that is still running',
		operation: cancel,
	},
	create: {
		name: 'Create',
		action: 'Create a training',
		description: 'Train a model on your own files',
		operation: create,
	},
	get: {
		name: 'Get',
		action: 'Get a training',
		description: 'Read a training, and optionally wait until it has ended',
		operation: get,
	},
	getAll: {
		name: 'Get Many',
		action: 'Get many trainings',
		description: 'List the account’s trainings, newest first',
		operation: getAll,
	},
});
