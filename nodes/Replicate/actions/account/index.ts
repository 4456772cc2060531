import { resource } from '../resource';
import * as get from './get.operation';

export const account = resource('account', 'Account', 'get', {
	get: {
		name: 'Get',
		action: 'Get the account',
		description: 'Read the user or organization that the token belongs to',
		operation: get,
	},
});
