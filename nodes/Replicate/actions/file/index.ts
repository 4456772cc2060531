import { resource } from '../resource';
import * as remove from './delete.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';
import * as upload from './upload.operation';

export const file = resource('file', 'File', 'upload', {
	delete: {
		name: 'Delete',
		action: 'Delete a file',
		description: 'Remove a stored file',
		operation: remove,
	},
	get: {
		name: 'Get',
		action: 'Get a file',
		description: 'Read name, size, checksum and expiry of a stored file',
		operation: get,
	},
	getAll: {
		name: 'Get Many',
		action: 'Get many files',
		description: 'List the account’s stored files, newest first',
		operation: getAll,
	},
	upload: {
		name: 'Upload',
		action: 'Upload a file',
		description: 'Store a file at Replicate, to use it as input of several predictions',
		operation: upload,
	},
});
