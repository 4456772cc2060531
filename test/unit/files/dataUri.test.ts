import type { BinaryFile } from '../../../nodes/shared/files/binaryFile';
import { parseDataUri, toDataUri } from '../../../nodes/shared/files/dataUri';

describe('parseDataUri', () => {
	it.each([
		['data:text/plain;base64,aGk=', 'text/plain', 'hi'],
		['data:text/plain;charset=utf-8;base64,aGk=', 'text/plain', 'hi'],
		['data:,a%20b', 'text/plain', 'a b'],
		['data:text/x,100%', 'text/x', '100%'],
		['data:;base64,', 'text/plain', ''],
		['data:a,b,c', 'a', 'b,c'],
	])('%s', (text, mimeType, content) => {
		const read = parseDataUri(text)!;
		expect(read.mimeType).toBe(mimeType);
		expect(read.bytes.toString()).toBe(content);
	});

	it.each(['data:text/plain', 'xdata:,a', 'https://a.example/,', ''])('"%s" is none', (text) => {
		expect(parseDataUri(text)).toBeUndefined();
	});
});

describe('toDataUri', () => {
	const file = (read: () => Promise<Buffer>) =>
		({ name: 'a.png', mimeType: 'image/png', read }) as BinaryFile;

	it('writes the type and the bytes', async () => {
		const bytes = Buffer.from([0, 255, 1]);
		expect(await toDataUri(file(async () => bytes))).toBe('data:image/png;base64,AP8B');
	});

	it('says that n8n could not read the file', async () => {
		const gone = file(async () => await Promise.reject(new Error('ENOENT')));
		await expect(toDataUri(gone)).rejects.toThrow('n8n could not read the file "a.png"');
	});
});
