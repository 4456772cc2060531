import { resource } from '../resource';
import * as getAll from './getAll.operation';

export const hardware = resource('hardware', 'Hardware', 'getAll', {
	getAll: {
		name: 'Get Many',
		action: 'Get many hardware options',
		description: 'List the machines that models and deployments can run on',
		operation: getAll,
	},
});
