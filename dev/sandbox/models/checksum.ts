import type { SandboxModel } from './model';

/** Proves that bytes arrived: name, MIME type, size and SHA-256 of every file. */
export const checksum: SandboxModel = {
	owner: 'sandbox',
	name: 'checksum',
	description: 'Gives the SHA-256 of the files that it received',
	official: true,
	schemas: {
		Input: {
			type: 'object',
			title: 'Input',
			properties: {
				file: { type: 'string', title: 'File', format: 'uri', 'x-order': 0 },
				files: {
					type: 'array',
					title: 'Files',
					items: { type: 'string', format: 'uri' },
					'x-order': 1,
				},
				note: { type: 'string', title: 'Note', 'x-order': 2 },
			},
		},
		Output: {
			type: 'array',
			title: 'Output',
			items: {
				type: 'object',
				properties: {
					name: { type: 'string' },
					mime_type: { type: 'string' },
					size: { type: 'integer' },
					sha256: { type: 'string' },
				},
			},
		},
	},
	async run({ input, fetchFile, log }) {
		const addresses = [input.file, ...((input.files as string[] | undefined) ?? [])].filter(
			Boolean,
		);
		const results = [];
		for (const [index, address] of addresses.entries()) {
			const { name, mimeType, size, sha256 } = await fetchFile(String(address));
			results.push({ name, mime_type: mimeType, size, sha256 });
			log(`${index + 1}/${addresses.length} ${name}: ${size} bytes`);
		}
		return results;
	},
};
