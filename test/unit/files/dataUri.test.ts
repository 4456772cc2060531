import type { BinaryFile } from '../../../nodes/shared/files/binaryFile';
import { inlineFile, isDataUri, parseDataUri } from '../../../nodes/shared/files/dataUri';

describe('parseDataUri', () => {
	it.each([
		['data:text/plain;base64,aGk=', 'text/plain', 'hi'],
		['data:text/plain;charset=utf-8;base64,aGk=', 'text/plain', 'hi'],
		['data:,a%20b', 'text/plain', 'a b'],
		['data:text/x,100%', 'text/x', '100%'],
		['data:;base64,', 'text/plain', ''],
		['data:a/b,c,d', 'a/b', 'c,d'],
		['data:text/plain;base64,aGk%3D', 'text/plain', 'hi'],
		['data:text/plain;base64,aG\nk=', 'text/plain', 'hi'],
		['data:;charset=utf-8,100%', 'text/plain', '100%'],
	])('%s', (text, mimeType, content) => {
		const read = parseDataUri(text)!;
		expect(read.mimeType).toBe(mimeType);
		expect(read.bytes!.toString()).toBe(content);
	});

	it.each([
		'data:text/plain',
		'xdata:,a',
		'https://a.example/,',
		'',
		'data: 12 cats',
		'data: 12 cats, 3 dogs',
		'data:a,b',
		'data:text/html\r\nx-evil: 1;base64,eA==',
		'data:text/html;a b,c',
	])('"%s" is a text', (text) => {
		expect(parseDataUri(text)).toBeUndefined();
		expect(isDataUri(text)).toBe(false);
	});

	it.each(['%%%not base64%%%', 'aGk', 'aGkx=a', 'aaaaa', 'a', 'aGk===', 'ä'])(
		'has bytes only of whole base64: %s',
		(payload) => {
			const { bytes } = parseDataUri(`data:image/png;base64,${payload}`)!;
			expect(bytes?.toString()).toBe(payload === 'aGk' ? 'hi' : undefined);
		},
	);
});

describe('a file that is inlined', () => {
	const file = (read: () => Promise<Buffer>) =>
		({ name: 'a.png', mimeType: 'image/png', read }) as BinaryFile;

	it('writes the type and the bytes', async () => {
		const bytes = Buffer.from([0, 255, 1]);
		const uri = JSON.stringify(await inlineFile(file(async () => bytes)));
		expect(uri).toBe('"data:image/png;base64,AP8B"');
	});

	it('says that n8n could not read the file', async () => {
		const gone = file(async () => await Promise.reject(new Error('ENOENT')));
		await expect(inlineFile(gone)).rejects.toThrow('n8n could not read the file "a.png"');
	});
});
