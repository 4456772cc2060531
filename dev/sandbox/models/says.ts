import type { SandboxModel } from './model';

/** Outputs whatever JSON it is given, as a hostile model may. */
export const says: SandboxModel = {
	owner: 'sandbox',
	name: 'says',
	description: 'Outputs the JSON that it is given',
	official: true,
	schemas: {
		Input: {
			type: 'object',
			title: 'Input',
			required: ['output'],
			properties: { output: { type: 'string', title: 'Output', 'x-order': 0 } },
		},
		Output: { title: 'Output' },
	},
	run: async ({ input }) => await Promise.resolve(JSON.parse(String(input.output))),
};
