import { HugeOutput } from '../hugeOutput';
import type { SandboxModel } from './model';

/** Gives JSON of any size, made only while it is sent. */
export const huge: SandboxModel = {
	owner: 'sandbox',
	name: 'huge',
	description: 'Gives an output of a certain size as JSON',
	official: true,
	schemas: {
		Input: {
			type: 'object',
			title: 'Input',
			properties: {
				megabytes: {
					type: 'integer',
					title: 'Megabytes',
					default: 200,
					minimum: 1,
					maximum: 2000,
					'x-order': 0,
				},
				shape: {
					allOf: [{ $ref: '#/components/schemas/shape' }],
					default: 'rows',
					'x-order': 1,
				},
			},
		},
		shape: { type: 'string', title: 'shape', enum: ['rows', 'text'] },
		Output: { title: 'Output' },
	},
	run: async ({ input }) =>
		await Promise.resolve(
			new HugeOutput(input.shape as 'rows' | 'text', Number(input.megabytes) * 1_000_000),
		),
};
