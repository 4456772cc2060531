import { readAddress } from '../../../nodes/shared/files/address';
import { denseBase64 } from '../../../nodes/shared/files/base64';

const PUBLIC = new URL('https://api.replicate.com/v1');

describe('readAddress', () => {
	it.each([
		'http://localhost:5678/a.png',
		'http://127.0.0.1/a.png',
		'http://[::1]/a.png',
		'http://192.168.1.20/a.png',
		'http://10.1.2.3/a.png',
		'http://minio:9000/a.png',
		'https://files.corp.internal/a.png',
		'http://nas.local/a.png',
	])('%s is private', (text) => {
		expect(readAddress(text, PUBLIC)).toMatchObject({ kind: 'private' });
		expect(readAddress(text)).toMatchObject({ kind: 'private' });
	});

	it.each([
		['http://localhost:5678/a.png', 'http://127.0.0.1:7000/v1', 'address'],
		['http://192.168.1.20/a.png', 'http://127.0.0.1:7000/v1', 'private'],
		['http://192.168.1.20/a.png', 'https://replicate.corp.internal/v1', 'address'],
		['http://localhost/a.png', 'https://replicate.corp.internal/v1', 'private'],
		['https://cdn.example.com/a.png', 'http://127.0.0.1:7000/v1', 'address'],
	])('%s, where the API is at %s: %s', (text, baseUrl, kind) => {
		expect(readAddress(text, new URL(baseUrl))).toMatchObject({ kind });
	});

	it.each([
		'photo',
		'Photo: the front',
		'C:\\a.png',
		'https:',
		'https://',
		'http:/a/b',
		'data:x',
		'',
	])('%j is not an address', (text) => expect(readAddress(text, PUBLIC)).toBeUndefined());

	it.each([
		['https://a.example/my song.mp3', 'https://a.example/my%20song.mp3'],
		['https://a.example/my song.mp3?x=1', 'https://a.example/my%20song.mp3?x=1'],
		['https://a.example/a.png is red', undefined],
		['https://a.example/a.png, b.png', undefined],
		['https://a.example/a\n.png', undefined],
		['https://a.example/a b', undefined],
	])('%j with blanks is %j', (text, address) => {
		const expected = address === undefined ? undefined : { kind: 'address', text: address };
		expect(readAddress(text, PUBLIC)).toEqual(expected);
	});
});

describe('denseBase64', () => {
	it.each([
		['', ''],
		['eA==', 'eA=='],
		['eA', 'eA=='],
		['_-8', '/+8='],
		['aGVs\nbG8=', 'aGVsbG8='],
		['  aGVs\r\n  bG8=  ', 'aGVsbG8='],
		['hello, world', undefined],
		['this is not base64', undefined],
		['a', undefined],
		['ab=c', undefined],
	])('%j is %j', (text, dense) => {
		expect(denseBase64(text)).toBe(dense);
	});

	it('looks at the ends of a long text only, and takes no copy of it', () => {
		const long = Buffer.alloc(3_000_000, 'x').toString('base64');
		expect(denseBase64(long)).toBe(long);
		expect(denseBase64(`not base64 ${long}`)).toBeUndefined();
		expect(denseBase64(long.replace(/.{76}/g, '$&\n'))).toBe(long);
	});
});
