import sharp from 'sharp';
import type { SandboxModel } from './model';

/** Makes an image smaller, in the format that was asked for. */
export const thumbnail: SandboxModel = {
	owner: 'sandbox',
	name: 'thumbnail',
	description: 'Makes an image smaller',
	official: false,
	schemas: {
		Input: {
			type: 'object',
			title: 'Input',
			required: ['image'],
			properties: {
				image: {
					type: 'string',
					title: 'Image',
					format: 'uri',
					'x-order': 0,
					description: 'Image to shrink',
				},
				width: {
					type: 'integer',
					title: 'Width',
					default: 256,
					minimum: 1,
					maximum: 4096,
					'x-order': 1,
					description: 'Width of the result in pixels',
				},
				format: {
					allOf: [{ $ref: '#/components/schemas/format' }],
					default: 'webp',
					'x-order': 2,
					description: 'Format of the result',
				},
			},
		},
		format: {
			type: 'string',
			title: 'format',
			enum: ['webp', 'png', 'jpeg'],
			description: 'An enumeration.',
		},
		Output: { type: 'string', title: 'Output', format: 'uri' },
	},
	async run({ input, fetchFile, deliver, log }) {
		const image = await fetchFile(String(input.image));
		const format = input.format as 'webp' | 'png' | 'jpeg';
		const { data, info } = await sharp(image.content)
			.resize({ width: Number(input.width) })
			.toFormat(format)
			.toBuffer({ resolveWithObject: true });
		log(`${image.name}: ${info.width} x ${info.height}`);
		return await deliver(data, `thumbnail.${format === 'jpeg' ? 'jpg' : format}`);
	},
};
