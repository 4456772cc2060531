import { Readable } from 'node:stream';
import type { BinaryFile } from '../../../nodes/shared/files/binaryFile';
import { publicUrl } from '../../../nodes/shared/files/publicUrl';

const file = (signed?: string): BinaryFile => ({
	name: 'a.png',
	mimeType: 'image/png',
	bytes: 3,
	open: async () => Readable.from([]),
	read: async () => Buffer.alloc(0),
	...(signed === undefined ? {} : { signedUrl: () => signed }),
});
const replicate = new URL('https://api.replicate.com/v1');

describe('publicUrl', () => {
	it('gives n8n’s own signed URL', () => {
		const signed = 'https://n8n.example.com/rest/binary-data/signed?token=x';
		expect(publicUrl(file(signed), replicate)).toBe(signed);
	});

	it.each([
		'http://n8n.example.com/x',
		'https://localhost:5678/x',
		'https://192.168.1.4/x',
		'https://n8n/x',
	])('refuses %s, which Replicate cannot reach', (signed) => {
		expect(() => publicUrl(file(signed), replicate)).toThrow(
			/^Replicate cannot fetch the file ".+" from this n8n, because .+ is not a public https address$/,
		);
	});

	it('allows this machine to the sandbox on this machine', () => {
		const signed = 'http://127.0.0.1:5678/x';
		expect(publicUrl(file(signed), new URL('http://127.0.0.1:5055/v1'))).toBe(signed);
	});

	it('refuses a file that n8n keeps in memory', () => {
		expect(() => publicUrl(file(), replicate)).toThrow(/because it keeps binary data in memory$/);
	});
});
