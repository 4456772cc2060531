import { switchField } from './field';

/** Whether results are short, as in n8n's own nodes. */
export const simplify = switchField({
	displayName: 'Simplify',
	name: 'simplify',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
});
