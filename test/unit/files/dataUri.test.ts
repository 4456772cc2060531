import { parseDataUri } from '../../../nodes/shared/files/dataUri';

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
