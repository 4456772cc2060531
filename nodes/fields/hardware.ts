import { loadedField } from './field';

/** The machine that a deployment or a model runs on. */
export const hardware = loadedField({
	displayName: 'Hardware Name or ID',
	name: 'hardware',
	method: 'getHardware',
	description:
		'The machine to run on. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
});
