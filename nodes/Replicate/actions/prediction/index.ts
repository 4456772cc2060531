import { resource } from '../resource';
import * as cancel from './cancel.operation';
import * as get from './get.operation';
import * as getAll from './getAll.operation';
import * as run from './run.operation';
import * as summarize from './summarize.operation';

export const prediction = resource('prediction', 'Prediction', 'run', {
	run: {
		name: 'Run a Model',
		action: 'Run a model',
		description: 'Send inputs and files to a model and get its result',
		hint: 'For everything that a model does: pictures, video, audio, text, files. One prediction for each item.',
		operation: run,
	},
	cancel: {
		name: 'Cancel',
		action: 'Cancel a prediction',
		description: 'Cancel a prediction that is still running',
		operation: cancel,
	},
	get: {
		name: 'Get',
		action: 'Get a prediction',
		description: 'Read a prediction and fetch its output files',
		hint: 'Only for a prediction that another node created with waitFor "nothing", or for the ID of a trigger.',
		operation: get,
	},
	getAll: {
		name: 'Get Many',
		action: 'Get many predictions',
		description: 'List the account’s predictions, newest first',
		operation: getAll,
	},
	summarize: {
		name: 'Summarize',
		action: 'Summarize predictions',
		description: 'Sum what predictions used and cost, by model, status and day',
		hint: 'For reports of usage and cost, such as a weekly e-mail. "output": "file" adds a CSV in binary field "data".',
		operation: summarize,
	},
});
