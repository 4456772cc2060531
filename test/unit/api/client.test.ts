import { parseBaseUrl } from '../../../nodes/shared/api/credential';
import { ReplicateClient } from '../../../nodes/shared/api/client';
import { openTransport } from '../../../transports/undici';
import { FakeAccount } from '../fakeAccount';

describe('parseBaseUrl', () => {
	it.each([
		['https://api.replicate.com/v1', 'https://api.replicate.com/v1'],
		[' https://api.replicate.com/v1/ ', 'https://api.replicate.com/v1'],
		['https://gateway.example.com', 'https://gateway.example.com/'],
		['http://127.0.0.1:5055/v1', 'http://127.0.0.1:5055/v1'],
		['http://localhost:5055/v1', 'http://localhost:5055/v1'],
	])('reads %s', (text, url) => {
		expect(parseBaseUrl(text).href).toBe(url);
	});

	it.each([
		'',
		'api.replicate.com/v1',
		'ftp://api.replicate.com',
		'http://api.replicate.com/v1',
		'http://127.0.0.1.evil.com',
	])('refuses "%s"', (text) => {
		expect(() => parseBaseUrl(text)).toThrow(/base URL/);
	});
});

describe('the address of a call', () => {
	it.each([
		'https://gateway.example.com',
		'https://gateway.example.com/',
		'https://gateway.example.com/v1/',
	])('stays on the origin of %s', (baseUrl) => {
		const client = new ReplicateClient({ apiToken: 'x', baseUrl }, openTransport());
		const url = client.url('/account', { a: '1', b: undefined });
		expect(url.origin).toBe('https://gateway.example.com');
		expect(url.pathname).toMatch(/^(\/v1)?\/account$/);
		expect(url.search).toBe('?a=1');
	});
});

describe('the server’s clock', () => {
	const clientOf = ({ transport }: FakeAccount) =>
		new ReplicateClient({ apiToken: 'x', baseUrl: 'https://replicate.test/v1' }, transport);

	it('is read once, also from a response that refuses what was asked for', async () => {
		const account = new FakeAccount();
		account.failures.set('GET /account', 403);
		const client = clientOf(account);
		expect(Math.abs(await client.clockOffset())).toBeLessThan(2_000);
		await client.clockOffset();
		expect(account.requests).toEqual(['GET /account']);
	});

	it('is not known where no response comes', async () => {
		const account = new FakeAccount();
		account.onRequest = () => {
			throw new Error('The connection broke');
		};
		const until = performance.timeOrigin + performance.now() + 10;
		await expect(clientOf(account).clockOffset({ until })).rejects.toThrow('connection');
	});
});
