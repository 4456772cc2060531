import type { SandboxModel } from './model';

/** Can be trained: the training gives a version and its weights. */
export const trainable: SandboxModel = {
	owner: 'sandbox',
	name: 'trainable',
	description: 'Learns a style from images',
	official: false,
	schemas: {
		Input: {
			type: 'object',
			title: 'Input',
			properties: { prompt: { type: 'string', title: 'Prompt', default: '', 'x-order': 0 } },
		},
		Output: { type: 'string', title: 'Output' },
		TrainingInput: {
			type: 'object',
			title: 'TrainingInput',
			required: ['input_images'],
			properties: {
				input_images: { type: 'string', title: 'Input Images', format: 'uri', 'x-order': 0 },
				steps: {
					type: 'integer',
					title: 'Steps',
					default: 10,
					minimum: 1,
					maximum: 1000,
					'x-order': 1,
				},
			},
		},
	},
	run: async ({ input }) => await Promise.resolve(`a picture of ${String(input.prompt)}`),
};
