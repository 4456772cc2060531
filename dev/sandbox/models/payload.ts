import type { SandboxModel } from './model';

/** Gives a file of any size, for measuring downloads. */
export const payload: SandboxModel = {
	owner: 'sandbox',
	name: 'payload',
	description: 'Gives a file of a certain size',
	official: true,
	schemas: {
		Input: {
			type: 'object',
			title: 'Input',
			properties: {
				megabytes: {
					type: 'integer',
					title: 'Megabytes',
					default: 1,
					minimum: 1,
					maximum: 1000,
					'x-order': 0,
				},
			},
		},
		Output: { type: 'string', title: 'Output', format: 'uri' },
	},
	run: async ({ input, deliver }) =>
		await deliver(Buffer.alloc(Number(input.megabytes) * 1_000_000, 'payload '), 'payload.zip'),
};
