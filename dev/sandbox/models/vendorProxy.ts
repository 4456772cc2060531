import type { SandboxModel } from './model';

/**
 * Hands the image's address on to another company's service, as some official models do. That service
 * has no token, so it cannot read the Files API.
 */
export const vendorProxy: SandboxModel = {
	owner: 'sandbox',
	name: 'vendor-proxy',
	description: 'Describes an image by asking another service',
	official: true,
	schemas: {
		Input: {
			type: 'object',
			title: 'Input',
			required: ['image'],
			properties: {
				image: { type: 'string', title: 'Image', format: 'uri', 'x-order': 0 },
			},
		},
		Output: { type: 'string', title: 'Output' },
	},
	async run({ input, fetchFile }) {
		const address = String(input.image);
		if (/\/files\/[\w-]+$/.test(address)) throw new Error('Failed to load image (E006)');
		const { mimeType, size } = await fetchFile(address);
		return `${mimeType}, ${size} bytes`;
	},
};
