import type { LookupFunction } from 'node:net';
import { guardedLookup } from '../../../transports/undici/guardedLookup';
import { hostRefusal, mayFetch, parseOutputHosts } from '../../../nodes/shared/outputs/hosts';
import { wordsThrownBy } from '../errorWords';

const replicate = new URL('https://api.replicate.com/v1');
const sandbox = new URL('http://127.0.0.1:5055/v1');

describe('mayFetch', () => {
	const may = (address: string, baseUrl = replicate, more = '') =>
		mayFetch(new URL(address), { baseUrl, more: parseOutputHosts(more) });

	it.each([
		'https://replicate.delivery/x/out.png',
		'https://tjzk.replicate.delivery/x/out.png',
		'https://api.replicate.com/v1/files/x',
		'https://api.replicate.com:8443/x',
		'https://files.replicate.com/x',
	])('asks %s', (address) => expect(may(address)).toBe(true));

	it.each([
		'http://replicate.delivery/x',
		'https://replicate.delivery.evil.example/x',
		'https://evilreplicate.delivery/x',
		'https://evilreplicate.com/x',
		'https://replicate.com/x',
		'https://replicate.delivery@evil.example/x',
		'https://user:password@replicate.delivery/x',
		'https://user@replicate.delivery/x',
		'https://:password@replicate.delivery/x',
		'https://replicate.com.evil.example/x',
		'https://storage.googleapis.com/x',
		'ftp://replicate.delivery/x',
		'file:///etc/passwd',
		'gopher://replicate.delivery/x',
		'https://169.254.169.254/latest/meta-data',
		'https://metadata.google.internal/x',
		'https://127.0.0.1/x',
		'https://2130706433/x',
		'https://0x7f000001/x',
		'https://0177.0.0.1/x',
		'https://127.1/x',
		'https://localhost/x',
		'https://localhost./x',
		'https://[::1]/x',
		'https://[::ffff:127.0.0.1]/x',
		'https://[::ffff:a9fe:a9fe]/x',
		'https://[fd00:ec2::254]/x',
		'https://[fe80::1]/x',
		'https://[64:ff9b::7f00:1]/x',
		'https://[2002:7f00:1::]/x',
		'https://10.0.0.1/x',
		'https://192.168.0.1/x',
		'https://172.31.255.255/x',
		'https://100.100.100.200/x',
		'https://0.0.0.0/x',
		'https://8.8.8.8/x',
	])('does not ask %s', (address) => expect(may(address)).toBe(false));

	it.each([
		['https://storage.googleapis.com/x', 'storage.googleapis.com', true],
		['https://storage.googleapis.com:444/x', 'storage.googleapis.com:444', true],
		['https://storage.googleapis.com/x', 'storage.googleapis.com:444', false],
		['https://cdn.example.com/x', 'cdn.example.com:443', true],
		['https://cdn.example.com:444/x', 'cdn.example.com:443', false],
		['https://cdn.example.com:444/x', 'cdn.example.com', true],
		['https://a.example.org/x', '*.example.org:443', true],
		['https://a.example.org:8443/x', '*.example.org:443', false],
		['https://[2606:4700::1111]/x', '[2606:4700::1111]:443', true],
		['https://a.b.example.org/x', '*.example.org', true],
		['https://example.org/x', '*.example.org', false],
		['https://8.8.8.8/x', '8.8.8.8', true],
		['https://10.0.0.1/x', '10.0.0.1', false],
		['https://127.0.0.1/x', '127.0.0.1, localhost', false],
		['http://storage.googleapis.com/x', 'storage.googleapis.com', false],
		['https://[2606:4700::1111]/x', '[2606:4700::1111]', true],
		['https://[2606:4700::1111]:444/x', '[2606:4700::1111]:444', true],
		['https://[2606:4700::1111]/x', '[2606:4700::2222]', false],
	])('with %s and the hosts %s: %s', (address, more, expected) => {
		expect(may(address, replicate, more)).toBe(expected);
	});

	it('asks this machine only for a sandbox on it, and only by the names it was given', () => {
		expect(may('http://127.0.0.1:9/x', sandbox)).toBe(true);
		expect(may('http://localhost:9/x', sandbox)).toBe(false);
		expect(may('http://localhost:9/x', sandbox, 'localhost')).toBe(true);
		expect(may('http://127.0.0.2:9/x', sandbox)).toBe(false);
		expect(may('https://10.0.0.1/x', sandbox, '10.0.0.1')).toBe(false);
	});

	it('asks this machine over http and https, and in no other way', () => {
		expect(may('https://127.0.0.1:9/x', sandbox)).toBe(true);
		expect(may('ftp://127.0.0.1:9/x', sandbox)).toBe(false);
	});

	it.each([
		['https://user@replicate.delivery/x', 'withPassword'],
		['https://files.corp.internal/x', 'privateNetwork'],
		['https://10.0.0.1/x', 'privateNetwork'],
		['https://127.0.0.1/x', 'privateNetwork'],
		['http://replicate.delivery/x', 'withoutTls'],
		['https://elsewhere.example/x', 'unknownHost'],
	])('says why it does not ask %s: %s', (address, notFetched) => {
		expect(hostRefusal(new URL(address), { baseUrl: replicate, more: [] })).toMatchObject({
			notFetched,
		});
	});

	it.each(['a b', 'a.example/', '*.', 'a.example:x', '[::g]', 'a..b', '*', '[::1]:', 'a[::1]'])(
		'refuses "%s" as a host',
		(text) => expect(() => parseOutputHosts(text)).toThrow(/is not a host name$/),
	);

	it('refuses what is not a host name', () => {
		expect(wordsThrownBy(() => parseOutputHosts('https://a.example/x'))).toEqual({
			message: 'Options → Output Hosts: "https://a.example/x" is not a host name',
			description: expect.stringContaining('without https://') as string,
		});
		expect(parseOutputHosts(' A.example , ,*.b.example:80')).toEqual([
			'a.example',
			'*.b.example:80',
		]);
	});
});

describe('guardedLookup', () => {
	const answering = (...addresses: string[]): LookupFunction =>
		((_name: string, _options: object, callback: (error: null, found: object) => void) =>
			callback(
				null,
				addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
			)) as unknown as LookupFunction;
	const look = async (mayBeHere: boolean, ...addresses: string[]) =>
		await new Promise<string>((resolve) => {
			guardedLookup(mayBeHere, answering(...addresses))('a.example', {}, (error, address) =>
				resolve(error ? String(error.code) : String(address)),
			);
		});

	it.each([
		['127.0.0.1'],
		['10.1.2.3'],
		['169.254.169.254'],
		['::1'],
		['::ffff:10.0.0.1'],
		['fd00:ec2::254'],
		['93.184.216.34', '10.0.0.1'],
		[],
	])('refuses a name that points to %s %s', async (...addresses) => {
		expect(await look(false, ...addresses)).toBe('PRIVATE_ADDRESS');
	});

	it('passes public addresses, and this machine where it may', async () => {
		expect(await look(false, '93.184.216.34')).toBe('93.184.216.34');
		expect(await look(true, '127.0.0.1')).toBe('127.0.0.1');
		expect(await look(true, '10.0.0.1')).toBe('PRIVATE_ADDRESS');
	});
});
