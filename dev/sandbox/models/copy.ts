import { readFile } from 'node:fs/promises';
import { extension } from 'mime-types';
import type { SandboxModel } from './model';

/** Proves that bytes come back as they left, and which MIME type the model saw. */
export const copy: SandboxModel = {
	owner: 'sandbox',
	name: 'copy',
	description: 'Gives its file back, with the extension of the MIME type that it came with',
	official: true,
	schemas: {
		Input: {
			type: 'object',
			title: 'Input',
			required: ['file'],
			properties: { file: { type: 'string', title: 'File', format: 'uri', 'x-order': 0 } },
		},
		Output: { type: 'string', title: 'Output', format: 'uri' },
	},
	async run({ input, fetchFile, deliver, log }) {
		const { content, name, mimeType } = await fetchFile(String(input.file));
		log(`${name}: ${mimeType}`);
		const bytes = Buffer.isBuffer(content) ? content : await readFile(content);
		return await deliver(bytes, `output.${extension(mimeType) || 'bin'}`);
	},
};
