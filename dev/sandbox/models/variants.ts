import sharp from 'sharp';
import type { SandboxModel } from './model';

/** Gives several files at once: under keys of an object, in a list, or as data URIs. */
export const variants: SandboxModel = {
	owner: 'sandbox',
	name: 'variants',
	description: 'Makes several files of one image',
	official: true,
	schemas: {
		Input: {
			type: 'object',
			title: 'Input',
			required: ['image'],
			properties: {
				image: { type: 'string', title: 'Image', format: 'uri', 'x-order': 0 },
				shape: { allOf: [{ $ref: '#/components/schemas/shape' }], default: 'object', 'x-order': 1 },
			},
		},
		shape: { type: 'string', title: 'shape', enum: ['object', 'list', 'data_uri'] },
		Output: { title: 'Output' },
	},
	async run({ input, fetchFile, deliver }) {
		const { content } = await fetchFile(String(input.image));
		const sized = async (width: number) => await sharp(content).resize({ width }).png().toBuffer();
		if (input.shape === 'data_uri')
			return `data:image/png;base64,${(await sized(32)).toString('base64')}`;
		const frames = [
			await deliver(await sized(16), 'frame 0.png'),
			await deliver(await sized(24), 'frame 1.png'),
		];
		if (input.shape === 'list') return frames;
		return {
			preview: await deliver(await sized(32), 'preview.png'),
			frames,
			caption: 'two frames',
		};
	},
};
