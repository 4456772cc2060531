import type { SandboxModel } from './model';

/** Fails with the text that it is given. */
export const fail: SandboxModel = {
	owner: 'sandbox',
	name: 'fail',
	description: 'Fails',
	official: false,
	schemas: {
		Input: {
			type: 'object',
			title: 'Input',
			properties: {
				message: { type: 'string', title: 'Message', default: 'CUDA out of memory', 'x-order': 0 },
			},
		},
		Output: { type: 'string', title: 'Output' },
	},
	async run({ input, log }) {
		log('loading weights');
		log(`Traceback: ${String(input.message)}`);
		throw new Error(String(input.message));
	},
};
